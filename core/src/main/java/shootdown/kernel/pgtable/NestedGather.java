package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What `tlb_finish_mmu()` does when others gather from the same address space: an entry that it
/// found none may be one that they cleared, and have not flushed yet.
///
/// ```text
/// release   | gathers count in tlb_flush_pending | nested: flushes
/// ----------+------------------------------------+--------------------------------
/// v4.13-rc4 | no                                 | only what it cleared itself
/// v4.13-rc5 | yes                                | all pages that it was asked for, and
///           |                                    | forgets that it freed page-table pages
/// v5.2-rc5  | yes                                | the whole address space, walk caches, too
/// ```
public enum NestedGather implements Decision {
  /// Flushes what it cleared itself.
  UNSEEN,
  /// 99baac21e458: flushes its range, by `__tlb_reset_range()`, which forgets all else.
  FLUSHES_RANGE,
  /// 7a30df49f63a: flushes the address space, PMD entries of freed page-table pages included.
  FLUSHES_ALL;

  /// The decision in time.
  public static final History<NestedGather> HISTORY =
      History.of(NestedGather.class, UNSEEN)
          .then(
              Fix.merged(
                  "99baac21e458",
                  "mm: fix MADV_[FREE|DONTNEED] TLB flush miss problem",
                  "v4.13-rc5",
                  FLUSHES_RANGE))
          .then(
              Fix.merged(
                  "7a30df49f63a",
                  "mm: mmu_gather: remove __tlb_reset_range() for force flush",
                  "v5.2-rc5",
                  FLUSHES_ALL));

  /// Whether gathers are counted.
  boolean counts() {
    return this != UNSEEN;
  }

  /// What the nested gather flushes.
  ///
  /// @param tlb what it gathered
  /// @param from the first page that it was asked for
  /// @param to the page after the last
  /// @param pages of the address space
  MmuGather widen(MmuGather tlb, int from, int to, int pages) {
    return switch (this) {
      case UNSEEN -> tlb;
      case FLUSHES_RANGE -> tlb.with(MmuGather.Span.NOTHING.with(from, to));
      case FLUSHES_ALL -> tlb.with(new MmuGather.Span(0, pages, true, true));
    };
  }
}
