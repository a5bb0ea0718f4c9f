package shootdown.kernel.khugepaged;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Where MADV_COLLAPSE ends when it has dropped mmap_lock and found its VMA again: first at the
/// VMA's end, even where it was asked for less.
public enum CollapseEnd implements Decision {
  OF_VMA,
  /// 52dc031088f0
  OF_RANGE;

  /// The decision in time.
  public static final History<CollapseEnd> HISTORY =
      History.of(CollapseEnd.class, OF_VMA)
          .then(
              Fix.merged(
                  "52dc031088f0",
                  "mm/MADV_COLLAPSE: don't expand collapse when vm_end is past requested end",
                  "v6.2-rc5",
                  OF_RANGE));

  /// Pages, of which the first that is not collapsed is told.
  ///
  /// @param asked end of what is left of the range
  /// @param vma end of the VMA, rounded down to huge pages
  int end(int asked, int vma) {
    return this == OF_RANGE ? Math.min(asked, vma) : vma;
  }
}
