package shootdown.kernel.fault;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How a write fault on a present page of a file marks the page dirty.
///
/// ```text
/// release     | with the page locked? | writeback in between
/// ------------+-----------------------+----------------------------------------------------
/// v2.6.22     | no                    | finds no entry to clean before the entry is made
///             |                       | writable, and clears PG_dirty after it was set: the
///             |                       | entry is writable, the page clean, stores are missed
/// v2.6.23-rc1 | yes                   | waits
/// ```
public enum SharedDirty implements Decision {
  /// `set_page_dirty_balance()`, when the entry is writable.
  UNLOCKED,
  /// 79352894b285: the page is locked, and dirty before the entry is writable. The lock came first,
  /// as a wait for it; that files have a page_mkwrite of their own, with v3.6.
  LOCKED;

  /// The decision in time.
  public static final History<SharedDirty> HISTORY =
      History.of(SharedDirty.class, UNLOCKED)
          .then(
              Fix.merged(
                  "79352894b285",
                  "mm: fix clear_page_dirty_for_io vs fault race",
                  "v2.6.23-rc1",
                  LOCKED));
}
