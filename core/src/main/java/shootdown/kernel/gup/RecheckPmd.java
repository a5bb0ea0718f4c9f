package shootdown.kernel.gup;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What gup-fast looks at again once it has its reference to a page that a PTE maps. A collapse
/// takes the page-table page out of the page table first and counts the references to its pages
/// then; their PTEs it clears last.
///
/// ```text
/// release | looks again at
/// --------+-----------------------
/// v5.19   | the PTE
/// v6.0    | the PMD entry, the PTE
/// ```
///
/// @param looks whether at the PMD entry
public record RecheckPmd(boolean looks) implements Decision {
  public static final History<RecheckPmd> HISTORY =
      History.of(RecheckPmd.class, new RecheckPmd(false))
          .then(
              Fix.merged(
                  "70cbc3cc78a9",
                  "mm: gup: fix the fast GUP race against THP collapse",
                  "v6.0",
                  new RecheckPmd(true)));
}
