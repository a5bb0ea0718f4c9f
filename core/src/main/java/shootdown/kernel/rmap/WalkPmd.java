package shootdown.kernel.rmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How `try_to_unmap()` of a split finds the PMD entry that maps a huge folio.
///
/// ```text
/// release    | it looks
/// -----------+----------------------------------------------------------
/// v3.12      | under mm->page_table_lock: `page_check_address_pmd()`
/// v3.13-rc1  | without it: an entry that is none maps nothing
/// v3.15-rc2  | under the PMD lock
/// v4.5       | likewise: `__split_huge_pmd()`
/// v4.11-rc1  | without it; see [UnmapSync]
/// ```
///
/// What is missed so is mapped still when the split counts: a BUG, until [UnmapSync] waits.
///
/// That up to v4.7 it looked without the lock, too (33f4751e9960), is not told apart.
public enum WalkPmd implements Decision {
  LOCKED,
  /// c7ab0d2fdc84
  LOCKLESS;

  /// The decision in time.
  public static final History<WalkPmd> HISTORY =
      History.of(WalkPmd.class, LOCKED)
          .then(
              Fix.merged(
                  "117b0791ac42",
                  "mm, thp: move ptl taking inside page_check_address_pmd()",
                  "v3.13-rc1",
                  LOCKLESS))
          .then(
              Fix.merged(
                  "b5a8cad376ee",
                  "thp: close race between split and zap huge pages",
                  "v3.15-rc2",
                  LOCKED))
          .then(
              Fix.merged(
                  "c7ab0d2fdc84",
                  "mm: convert try_to_unmap() to use page_vma_mapped_walk()",
                  "v4.11-rc1",
                  LOCKLESS));
}
