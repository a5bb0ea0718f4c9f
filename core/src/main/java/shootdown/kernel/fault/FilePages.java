package shootdown.kernel.fault;

import java.util.Optional;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;

/// What a fault asks of the page cache.
public interface FilePages {
  /// The page, locked and referenced; empty beyond the end of the file.
  Optional<Folio> filemapFault(FileData file, int index);

  /// Locks a page that is about to become writable and marks it dirty; tells whether it is still
  /// the file's (if not, it is not locked).
  boolean filemapPageMkwrite(FileData file, Folio folio);

  /// Marks a page dirty.
  void setPageDirty(Folio folio);
}
