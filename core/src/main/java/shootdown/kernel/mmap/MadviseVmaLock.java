package shootdown.kernel.mmap;

import static shootdown.kernel.mmap.MmanConstants.MADV_DONTNEED;
import static shootdown.kernel.mmap.MmanConstants.MADV_DONTNEED_LOCKED;
import static shootdown.kernel.mmap.MmanConstants.MADV_FREE;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Which advice for a part of one VMA is followed with nothing but the lock of that VMA.
///
/// ```text
/// release   | advice
/// ----------+------------------------------------
/// v6.16     | none: mmap_lock for reading
/// v6.17-rc1 | MADV_DONTNEED (a6fde7add78d); MADV_FREE, by a commit of the same series
/// ```
public enum MadviseVmaLock implements Decision {
  NONE,
  DONTNEED_FREE;

  /// The decision in time.
  public static final History<MadviseVmaLock> HISTORY =
      History.of(MadviseVmaLock.class, NONE)
          .then(
              Fix.merged(
                  "a6fde7add78d",
                  "mm: use per_vma lock for MADV_DONTNEED",
                  "v6.17-rc1",
                  DONTNEED_FREE));

  boolean suffices(long advice) {
    return this == DONTNEED_FREE
        && (advice == MADV_DONTNEED || advice == MADV_DONTNEED_LOCKED || advice == MADV_FREE);
  }
}
