package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// When `pte_free_tlb()` empties the walk caches of machines whose mmu_gather invalidates PTEs only
/// (arm64: TLBI VALE1IS).
///
/// ```text
/// release   | walk caches are emptied
/// ----------+-------------------------------------------------------------------------
/// v4.19     | at once, for each page-table page (285994a62c80, v4.0; not modelled before)
/// v4.20-rc1 | when the gather is flushed: it remembers that it freed page-table pages
/// ```
public enum WalkCacheFlush implements Decision {
  /// At once.
  AT_ONCE,
  /// 22a61c3c4f13: with the gather.
  WITH_GATHER;

  /// The decision in time.
  public static final History<WalkCacheFlush> HISTORY =
      History.of(WalkCacheFlush.class, AT_ONCE)
          .then(
              Fix.merged(
                  "22a61c3c4f13",
                  "asm-generic/tlb: Track freeing of page-table directories in struct mmu_gather",
                  "v4.20-rc1",
                  WITH_GATHER));
}
