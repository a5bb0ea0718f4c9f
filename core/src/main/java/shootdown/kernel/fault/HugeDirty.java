package shootdown.kernel.fault;

import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.Pte;

/// Whether a fault that breaks copy-on-write in a VMA that is not writable makes the PMD entry of a
/// huge page dirty. By that a forced write knows the page: see
/// [shootdown.kernel.gup.ForcedWrite].
///
/// ```text
/// release   | the entry becomes dirty
/// ----------+-------------------------------------------------
/// v4.14     | yes
/// v4.15-rc1 | no: the forced write never ends (152e93af3cfe)
/// v4.15-rc2 | yes
/// ```
public enum HugeDirty implements Decision {
  ALWAYS,
  /// 152e93af3cfe: `maybe_pmd_mkwrite()` has it, too
  IF_WRITABLE;

  /// The decision in time.
  public static final History<HugeDirty> HISTORY =
      History.of(HugeDirty.class, ALWAYS)
          .then(
              Fix.merged(
                  "152e93af3cfe",
                  "mm, thp: Do not make pmd/pud dirty without a reason",
                  "v4.15-rc1",
                  IF_WRITABLE))
          .then(
              Fix.merged(
                  "f55e1014f9e5",
                  "Revert \"mm, thp: Do not make pmd/pud dirty without a reason\"",
                  "v4.15-rc2",
                  ALWAYS));

  /// The bit to set.
  long bit(Vma vma) {
    return this == ALWAYS || vma.writable() ? Pte.DIRTY : 0;
  }
}
