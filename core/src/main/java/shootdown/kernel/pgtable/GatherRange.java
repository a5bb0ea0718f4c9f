package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.kernel.pgtable.MmuGather.Span;
import shootdown.machine.MachineProfile;

/// What an mmu_gather flushes where it is full, and its pages are about to be freed, on x86. Other
/// ports noted the range themselves, or flushed everything.
///
/// ```text
/// release   | full in zap_pte_range(), by the page at addr, where      | full elsewhere
///           | [from, to) is to be unmapped: flushes                    |
/// ----------+----------------------------------------------------------+---------------
/// v3.5      | everything                                               | everything
/// v3.6-rc1  | [addr, to): not what comes before                        | nothing
/// v3.11-rc1 | [from, addr): not the page, nor what was gathered before | nothing
/// v3.11-rc6 | [last flush, addr): not the page itself                  | all gathered
/// v3.18-rc3 | all that was gathered                                    | all gathered
/// ```
///
/// `tlb->start` and `tlb->end` were set by those who flush, before v3.11-rc6. Who did not know of
/// them flushed what an earlier flush had left there, or nothing: here it is nothing.
public enum GatherRange implements Decision {
  /// `flush_tlb_mm()`.
  EVERYTHING,
  /// 597e1c3580b7, with 611ae8e3f520 for x86.
  TO_END,
  /// e6c495a96ce0.
  OF_PART,
  /// 2b047252d087: the range is known from the beginning.
  BEFORE_PAGE,
  /// ce9ec37bddb6; since v3.19 (fb7332a9fedf) it is noted entry by entry.
  GATHERED;

  /// The decision in time.
  public static final History<GatherRange> HISTORY =
      History.of(GatherRange.class, EVERYTHING)
          .then(
              Fix.merged(
                  "597e1c3580b7",
                  "mm/mmu_gather: enable tlb flush range in generic mmu_gather",
                  "v3.6-rc1",
                  TO_END))
          .then(
              Fix.merged(
                  "e6c495a96ce0",
                  "mm: fix the TLB range flushed when __tlb_remove_page() runs out of slots",
                  "v3.11-rc1",
                  OF_PART))
          .then(
              Fix.merged(
                  "2b047252d087",
                  "Fix TLB gather virtual address range invalidation corner cases",
                  "v3.11-rc6",
                  BEFORE_PAGE))
          .then(
              Fix.merged(
                  "ce9ec37bddb6",
                  "zap_pte_range: update addr when forcing flush after TLB batching faiure",
                  "v3.18-rc3",
                  GATHERED));

  GatherRange on(MachineProfile machine) {
    return machine.port().equals("x86") ? this : GATHERED;
  }

  /// What is flushed where page `vpn` of the part filled the gather.
  ///
  /// @param span what was gathered
  /// @param pages of the address space
  Span flushed(Span span, PageWalk.Part part, int vpn, int pages) {
    return switch (this) {
      case EVERYTHING -> new Span(0, pages, true, true);
      case TO_END -> Span.NOTHING.with(vpn, part.to());
      case OF_PART -> Span.NOTHING.with(part.from(), vpn);
      case BEFORE_PAGE -> new Span(span.from(), vpn, span.clearedPtes(), span.freedTables());
      case GATHERED -> span;
    };
  }

  /// Likewise where a huge page did, or a page-table page.
  Span flushed(Span span, int pages) {
    return switch (this) {
      case EVERYTHING -> new Span(0, pages, true, true);
      case TO_END, OF_PART -> Span.NOTHING;
      case BEFORE_PAGE, GATHERED -> span;
    };
  }

  /// Where a later flush begins, if something more is gathered: its end is that of what is.
  Span rest(Span span, int vpn) {
    return switch (this) {
      case TO_END, OF_PART -> Span.from(span.from());
      case BEFORE_PAGE -> Span.from(vpn);
      case EVERYTHING, GATHERED -> Span.NOTHING;
    };
  }

  /// Likewise where a huge page filled the gather, or a page-table page.
  Span rest(Span span) {
    return rest(span, span.to());
  }

  /// Where `zap_pte_range()` goes on. Before ce9ec37bddb6 it looks at the page again.
  int resumed(int vpn) {
    return this == GATHERED ? vpn + 1 : vpn;
  }
}
