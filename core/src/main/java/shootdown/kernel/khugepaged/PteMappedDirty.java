package shootdown.kernel.khugepaged;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether `collapse_pte_mapped_thp()`, when it takes a dirty PTE away, tells the folio.
///
/// Releases since v6.6 did not: shared memory is dirty already, says a comment, which is wrong of
/// what was only read before. v6.18.44 is seen to tell it. Which commit changed that is not known
/// here, so that no release is told apart; the variant is what was. (As of v6.5 it does not tell,
/// either: see [shootdown.kernel.pgtable.RetractLocks].)
public enum PteMappedDirty implements Decision {
  TELLS,
  FORGETS;

  /// The decision in time.
  public static final History<PteMappedDirty> HISTORY =
      History.of(PteMappedDirty.class, TELLS)
          .then(
              Fix.variant(
                  "1d65b771bc08~dirty",
                  "collapse_pte_mapped_thp() that does not tell the folio of a dirty PTE",
                  FORGETS));
}
