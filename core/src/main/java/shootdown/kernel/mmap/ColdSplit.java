package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether MADV_COLD and MADV_PAGEOUT of a part of a huge page look at the PMD entry again once
/// they have split the folio. MADV_DONTNEED of another thread may have taken the entry away
/// meanwhile, and then no page-table page takes its place.
public enum ColdSplit implements Decision {
  GOES_ON,
  /// ce2684254bd4
  LOOKS_AGAIN;

  /// The decision in time.
  public static final History<ColdSplit> HISTORY =
      History.of(ColdSplit.class, GOES_ON)
          .then(
              Fix.merged(
                  "ce2684254bd4",
                  "mm: validate pmd after splitting",
                  "v5.9-rc7",
                  LOOKS_AGAIN));
}
