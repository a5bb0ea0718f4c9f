package shootdown.kernel.filemap;

import shootdown.kernel.data.Folio;

/// What a look at a slot of the page cache finds.
sealed interface CacheEntry {
  /// Nothing.
  record None() implements CacheEntry {}

  /// A page, with a reference that the finder must put.
  record Page(Folio folio) implements CacheEntry {}

  /// A page of shared memory that is on swap: `xa_is_value()`.
  ///
  /// @param slot of swap
  record Swapped(int slot) implements CacheEntry {}
}
