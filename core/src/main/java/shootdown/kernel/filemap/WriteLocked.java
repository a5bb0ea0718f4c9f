package shootdown.kernel.filemap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What write() does with the page that it writes to while it reads its buffer. A page fault of the
/// buffer needs mmap_lock and the lock of the page that is mapped there, which may be the same one.
///
/// ```text
/// release     | the page is           | the buffer
/// ------------+-----------------------+---------------------------------------------------
/// v2.6.23     | locked                | was touched just before, and may be gone again
/// v2.6.24-rc1 | locked without faults | is read with page faults disabled: [WriteCopy]
/// ```
public enum WriteLocked implements Decision {
  FAULTS,
  /// 08291429cfa6
  NO_FAULTS;

  /// The decision in time.
  public static final History<WriteLocked> HISTORY =
      History.of(WriteLocked.class, FAULTS)
          .then(
              Fix.merged(
                  "08291429cfa6",
                  "mm: fix pagecache write deadlocks",
                  "v2.6.24-rc1",
                  NO_FAULTS));
}
