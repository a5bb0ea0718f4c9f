package shootdown.kernel.rmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How `page_vma_mapped_walk()` goes on where PTEs map a huge folio across the border of two
/// page-table pages, and the first of these is not there.
///
/// ```text
/// release   | it
/// ----------+--------------------------------------------------
/// v4.8      | each page of the folio is looked for by itself
/// v4.11-rc1 | ends: what the second one maps is not found
/// v5.13     | goes on in the second one
/// ```
///
/// Since v4.11 it ends likewise where the entry of the first one maps another huge page, or is its
/// migration entry. No release goes on there.
public enum WalkPastNoTable implements Decision {
  EACH_PAGE,
  /// ace71a19cec5
  ENDS,
  /// a9a7504d9bea
  GOES_ON,
  /// likewise, and past another huge page
  PAST_OTHER;

  /// Whether another huge page in the place of the first part does not end the walk.
  boolean passesOther() {
    return this == EACH_PAGE || this == PAST_OTHER;
  }

  /// The decision in time.
  public static final History<WalkPastNoTable> HISTORY =
      History.of(WalkPastNoTable.class, EACH_PAGE)
          .then(
              Fix.merged(
                  "ace71a19cec5",
                  "mm: introduce page_vma_mapped_walk()",
                  "v4.11-rc1",
                  ENDS))
          .then(
              Fix.merged(
                  "a9a7504d9bea",
                  "mm/thp: fix page_vma_mapped_walk() if THP mapped by ptes",
                  "v5.13",
                  GOES_ON))
          .then(
              Fix.variant(
                  "a9a7504d9bea~other",
                  "page_vma_mapped_walk() that steps past another huge page",
                  PAST_OTHER));
}
