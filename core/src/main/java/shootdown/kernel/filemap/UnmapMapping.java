package shootdown.kernel.filemap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.pgtable.Zap;

/// How truncation takes a file's pages out of all page tables.
@FunctionalInterface
public interface UnmapMapping {
  /// `unmap_mapping_pages()`: removes what maps pages `from` … `to`-1 of the file, in every
  /// address space, and flushes it.
  ///
  /// @param details which of them; private copies, too, or not
  void unmapMappingPages(Current me, FileData file, int from, int to, Zap.Details details);
}
