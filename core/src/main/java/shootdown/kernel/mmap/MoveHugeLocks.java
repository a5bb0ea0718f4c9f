package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether `move_huge_pmd()` takes the rmap locks where walks visit the new VMA before the old one.
/// A walk could find nothing in the new one yet, and nothing in the old one any more.
///
/// ```text
/// release   | PTEs | PMD entries of huge pages
/// ----------+------+---------------------------
/// v3.7      | yes  | no
/// v3.15-rc6 | yes  | yes
/// ```
public enum MoveHugeLocks implements Decision {
  NONE,
  /// dd18dbc2d42a
  AS_FOR_PTES;

  /// The decision in time.
  public static final History<MoveHugeLocks> HISTORY =
      History.of(MoveHugeLocks.class, NONE)
          .then(
              Fix.merged(
                  "dd18dbc2d42a",
                  "mm, thp: close race between mremap() and split_huge_page()",
                  "v3.15-rc6",
                  AS_FOR_PTES));
}
