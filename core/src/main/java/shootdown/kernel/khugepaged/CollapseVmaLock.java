package shootdown.kernel.khugepaged;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// When a collapse of anonymous memory, which holds mmap_lock for writing, locks the VMA: before it
/// looks whether the page-table page is there, or after that. MADV_DONTNEED frees page-table pages
/// with nothing but the VMA's lock held, since v6.17-rc1.
public enum CollapseVmaLock implements Decision {
  AFTER_LOOK,
  /// 366a4532d96f
  BEFORE_LOOK;

  /// The decision in time.
  public static final History<CollapseVmaLock> HISTORY =
      History.of(CollapseVmaLock.class, AFTER_LOOK)
          .then(
              Fix.merged(
                  "366a4532d96f",
                  "mm: fix the race between collapse and PT_RECLAIM under per-vma lock",
                  "v6.17-rc2",
                  BEFORE_LOOK));
}
