package shootdown.kernel.filemap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;

/// How truncation takes a file's pages out of all page tables.
@FunctionalInterface
public interface UnmapMapping {
  /// `unmap_mapping_pages()`: removes what maps pages `from` … `to`-1 of the file, in every
  /// address space, and flushes it.
  ///
  /// @param cows whether private copies of the pages go, too
  void unmapMappingPages(Current me, FileData file, int from, int to, boolean cows);
}
