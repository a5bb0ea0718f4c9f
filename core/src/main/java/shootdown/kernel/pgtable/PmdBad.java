package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Which walks with mmap_lock held for reading look at a PMD entry twice: first whether it maps a
/// huge page, then, in `pmd_none_or_clear_bad()`, whether it is a page-table page. A fault that
/// makes a huge page in between makes it neither, and `pmd_clear_bad()` throws the entry away.
///
/// ```text
/// release   | zap_pmd_range() | change_pmd_range(), of NUMA balancing
/// ----------+-----------------+--------------------------------------
/// v3.3      | twice           | twice
/// v3.4-rc1  | once            | twice
/// v5.6-rc5  | once            | once
/// ```
public enum PmdBad implements Decision {
  TWICE,
  /// 1a5a9906d4e8
  ZAP_ONCE,
  /// 8b272b3cbbb5
  ONCE;

  /// The decision in time.
  public static final History<PmdBad> HISTORY =
      History.of(PmdBad.class, TWICE)
          .then(
              Fix.merged(
                  "1a5a9906d4e8",
                  "mm: thp: fix pmd_bad() triggering in code paths holding mmap_sem read mode",
                  "v3.4-rc1",
                  ZAP_ONCE))
          .then(
              Fix.merged(
                  "8b272b3cbbb5",
                  "mm, numa: fix bad pmd by atomically check for pmd_trans_huge when marking page"
                      + " tables prot_numa",
                  "v5.6-rc5",
                  ONCE));

  /// Who walks.
  public enum Walker {
    ZAP,
    CHANGE_PROTECTION,
    OTHER
  }

  boolean looksTwice(Walker walker) {
    return switch (walker) {
      case ZAP -> this == TWICE;
      case CHANGE_PROTECTION -> this != ONCE;
      case OTHER -> false;
    };
  }
}
