package shootdown.kernel.rmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How reclaim unmaps a huge folio that is lazily free.
///
/// ```text
/// release   | the folio        | PTEs that map pages of it are taken away
/// ----------+------------------+---------------------------------------------------------------
/// v6.10     | is split first   |
/// v6.11     | stays whole      | one by one
/// v6.15     | likewise         | all at once, if as many follow one another as it has pages, be
///           |                  | they in this page table or not
/// v6.16-rc5 | likewise         | at once, as many as follow one another in this page table and VMA
/// ~writable | likewise         | likewise, if they are all writable or all read-only
/// ```
///
/// Entries that go at once come back at once, all as the first one was, if the folio turns out to
/// be used. The last row is what Linux does after v6.18 ("mm/rmap: fix incorrect pte restoration
/// for lazyfree folios").
public enum LazyfreeBatch implements Decision {
  SPLIT,
  SINGLE,
  WHOLE_FOLIO,
  IN_TABLE,
  IN_TABLE_ALIKE;

  /// The decision in time.
  public static final History<LazyfreeBatch> HISTORY =
      History.of(LazyfreeBatch.class, SPLIT)
          .then(
              Fix.merged(
                  "735ecdfaf4e8",
                  "mm/vmscan: avoid split lazyfree THP during shrink_folio_list()",
                  "v6.11-rc1",
                  SINGLE))
          .then(
              Fix.merged(
                  "354dffd29575",
                  "mm: support batched unmap for lazyfree large folios during reclamation",
                  "v6.15-rc1",
                  WHOLE_FOLIO))
          .then(
              Fix.merged(
                  "ddd05742b45b",
                  "mm/rmap: fix potential out-of-bounds page table access during batched unmap",
                  "v6.16-rc5",
                  IN_TABLE))
          .then(
              Fix.variant(
                  "ddd05742b45b~writable",
                  "folio_unmap_pte_batch() that tells writable entries from read-only ones",
                  IN_TABLE_ALIKE));
}
