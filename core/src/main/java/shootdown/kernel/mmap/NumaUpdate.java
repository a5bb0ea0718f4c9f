package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How the scanner of NUMA balancing changes an entry (`change_pte_range()`, `change_huge_pmd()`).
///
/// ```text
/// release   | PTE                                  | PMD entry of a huge page
/// ----------+--------------------------------------+--------------------------------
/// v3.13-rc4 | cleared, then set                    | cleared, then set
/// v3.13-rc5 | read, then written over: what the    | likewise
///           | hardware sets in between is lost     |
/// v4.0-rc1  | cleared, then set                    | as [ChangeHugePmd] says
/// ```
///
/// From v3.14 on the second row is done by `ptep_set_numa()`, which is the same on all ports that
/// are modelled (56eecdb912b5, "mm: Use ptep/pmdp_set_numa() for updating _PAGE_NUMA bit").
public enum NumaUpdate implements Decision {
  CLEARED,
  /// 5a6dac3ec5f5; 0c5f83c23ca7 is the same for PTEs, and is of the same release
  OVERWRITTEN,
  /// 4d9424669946
  LIKE_MPROTECT;

  /// The decision in time.
  public static final History<NumaUpdate> HISTORY =
      History.of(NumaUpdate.class, CLEARED)
          .then(
              Fix.merged(
                  "5a6dac3ec5f5",
                  "mm: numa: do not clear PMD during PTE update scan",
                  "v3.13-rc5",
                  OVERWRITTEN))
          .then(
              Fix.merged(
                  "4d9424669946",
                  "mm: convert p[te|md]_mknonnuma and remaining page table manipulations",
                  "v4.0-rc1",
                  LIKE_MPROTECT));
}
