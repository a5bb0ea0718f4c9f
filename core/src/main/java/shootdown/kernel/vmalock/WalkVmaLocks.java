package shootdown.kernel.vmalock;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether who goes through page tables with mmap_lock for writing, to change entries, locks the
/// VMAs that it comes to: clear_refs, and KSM where it undoes what it merged.
public enum WalkVmaLocks implements Decision {
  UNLOCKED,
  /// 49b0638502da
  LOCKED;

  /// The decision in time.
  public static final History<WalkVmaLocks> HISTORY =
      History.of(WalkVmaLocks.class, UNLOCKED)
          .then(
              Fix.merged(
                  "49b0638502da",
                  "mm: enable page walking API to lock vmas during the walk",
                  "v6.5",
                  LOCKED));
}
