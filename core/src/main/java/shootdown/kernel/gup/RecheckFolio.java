package shootdown.kernel.gup;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether gup-fast, which has taken a reference to the folio that a page was part of, looks again
/// what it is part of: a split may have come between the two, and the reference is another page's.
///
/// ```text
/// release   | after the reference is taken
/// ----------+-----------------------------------------
/// v5.13     | looks at the entry alone
/// v5.14-rc1 | looks at what the page is part of, first
/// ```
public enum RecheckFolio implements Decision {
  ENTRY_ALONE,
  /// c24d37322548
  FOLIO;

  /// The decision in time. The hash was looked up, the release is from memory.
  public static final History<RecheckFolio> HISTORY =
      History.of(RecheckFolio.class, ENTRY_ALONE)
          .then(
              Fix.merged(
                  "c24d37322548",
                  "mm/gup: fix try_grab_compound_head() race with split_huge_page()",
                  "v5.14-rc1",
                  FOLIO));
}
