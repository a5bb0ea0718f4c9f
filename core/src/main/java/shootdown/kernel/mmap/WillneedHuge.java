package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether `pmd_none_or_trans_huge_or_clear_bad()` knows a huge page that has a NUMA hint: it left
/// huge pages to `pmd_bad()`, which is false of those with the hint. Then their contents are
/// walked as a page table.
public enum WillneedHuge implements Decision {
  NOT_WITH_HINT,
  /// ee53664bda16
  KNOWN;

  /// The decision in time.
  public static final History<WillneedHuge> HISTORY =
      History.of(WillneedHuge.class, NOT_WITH_HINT)
          .then(
              Fix.merged(
                  "ee53664bda16",
                  "mm: Fix NULL pointer dereference in madvise(MADV_WILLNEED) support",
                  "v3.13-rc5",
                  KNOWN));
}
