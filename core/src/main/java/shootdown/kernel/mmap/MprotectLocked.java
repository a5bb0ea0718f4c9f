package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether mprotect() of a locked private mapping that becomes writable copies its pages at once,
/// as mlock() does, so that later stores need no fault.
public enum MprotectLocked implements Decision {
  AT_FAULT,
  /// 36f881883c57
  AT_ONCE;

  /// The decision in time.
  public static final History<MprotectLocked> HISTORY =
      History.of(MprotectLocked.class, AT_FAULT)
          .then(
              Fix.merged(
                  "36f881883c57",
                  "mm: fix mprotect() behaviour on VM_LOCKED VMAs",
                  "v4.2-rc1",
                  AT_ONCE));
}
