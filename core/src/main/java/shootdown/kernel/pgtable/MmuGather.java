package shootdown.kernel.pgtable;

import java.util.ArrayList;
import java.util.List;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.machine.Flush;

/// What was unmapped from an address space and still waits for its TLB flush: `struct mmu_gather`.
/// A value: code that gathers hands it on.
///
/// Its batch fills up only where a test asks for that ([KernelData#gatherRoom]): Linux's holds more
/// pages than a test has.
///
/// @param mm the address space
/// @param span what is to be flushed
/// @param pages folios whose mapping's reference is to be dropped after the flush
/// @param delayed those of them that still count as mapped: `page_remove_rmap()` after the flush
/// @param tables page-table pages that are to be freed after the flush
public record MmuGather(
    int mm, Span span, List<Folio> pages, List<Folio> delayed, List<Integer> tables) {
  /// What is to be flushed.
  ///
  /// @param from first page
  /// @param to page after the last; nothing is to be flushed where it is not above `from`
  /// @param clearedPtes PTEs were cleared: `cleared_ptes`; here so are huge PMD entries
  /// @param freedTables PMD entries were cleared, too: `freed_tables`
  public record Span(int from, int to, boolean clearedPtes, boolean freedTables) {
    static final Span NOTHING = from(Integer.MAX_VALUE);

    /// Nothing, and what comes to it is flushed from there on.
    static Span from(int vpn) {
      return new Span(vpn, 0, false, false);
    }

    Span with(int first, int end) {
      return new Span(Math.min(from, first), Math.max(to, end), clearedPtes, freedTables);
    }

    Span withClearedPtes() {
      return new Span(from, to, true, freedTables);
    }

    Span withFreedTables(boolean freed) {
      return new Span(from, to, clearedPtes, freed);
    }

    boolean isEmpty() {
      return from >= to;
    }

    Flush.Levels levels() {
      return freedTables ? Flush.Levels.ALL : Flush.Levels.LAST;
    }
  }

  /// Nothing yet.
  public static MmuGather of(int mm) {
    return new MmuGather(mm, Span.NOTHING, List.of(), List.of(), List.of());
  }

  /// `tlb_remove_tlb_entry()`, `tlb_flush_pte_range()`: page `vpn` is to be flushed.
  public MmuGather withPage(int vpn) {
    return withPages(vpn, vpn + 1);
  }

  /// `tlb_flush_range()`: pages `first` … `end`-1 are to be flushed.
  public MmuGather withPages(int first, int end) {
    return with(span.with(first, end).withClearedPtes());
  }

  /// With something else to be flushed.
  MmuGather with(Span newSpan) {
    return new MmuGather(mm, newSpan, pages, delayed, tables);
  }

  /// `__tlb_remove_page()`: the folio is to be freed.
  MmuGather withFolio(Folio folio) {
    return new MmuGather(mm, span, with(pages, folio), delayed, tables);
  }

  /// `tlb_delay_rmap()`: the folio counts as mapped until the flush.
  MmuGather withDelayed(Folio folio) {
    return new MmuGather(mm, span, pages, with(delayed, folio), tables);
  }

  /// `tlb_remove_table()`: the page-table page is to be freed.
  MmuGather withTable(int table) {
    return new MmuGather(mm, span, pages, delayed, with(tables, table));
  }

  MmuGather flushed() {
    return with(Span.NOTHING);
  }

  /// What is left when its pages and page-table pages are freed.
  MmuGather freed() {
    return new MmuGather(mm, span, List.of(), List.of(), List.of());
  }

  MmuGather withoutDelayed() {
    return new MmuGather(mm, span, pages, List.of(), tables);
  }

  /// Whether nothing is to be flushed.
  public boolean isFlushed() {
    return span.isEmpty();
  }

  private static <T> List<T> with(List<T> some, T another) {
    var more = new ArrayList<>(some);
    more.add(another);
    return List.copyOf(more);
  }
}
