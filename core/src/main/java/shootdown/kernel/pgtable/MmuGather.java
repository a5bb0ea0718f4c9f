package shootdown.kernel.pgtable;

import java.util.ArrayList;
import java.util.List;
import shootdown.kernel.data.Folio;

/// What was unmapped from an address space and still waits for its TLB flush: `struct mmu_gather`.
/// A value: code that gathers hands it on.
///
/// Its batch never fills up: Linux's holds more pages than a test has.
///
/// @param mm the address space
/// @param from first page to flush
/// @param to page after the last to flush; nothing is to be flushed where it is not above `from`
/// @param pages folios whose mapping's reference is to be dropped after the flush
/// @param delayed those of them that still count as mapped: `page_remove_rmap()` after the flush
public record MmuGather(int mm, int from, int to, List<Folio> pages, List<Folio> delayed) {
  /// Nothing yet.
  public static MmuGather of(int mm) {
    return new MmuGather(mm, Integer.MAX_VALUE, 0, List.of(), List.of());
  }

  /// `tlb_remove_tlb_entry()`, `tlb_flush_pte_range()`: page `vpn` is to be flushed.
  public MmuGather withPage(int vpn) {
    return withPages(vpn, vpn + 1);
  }

  /// `tlb_flush_range()`: pages `first` … `end`-1 are to be flushed.
  public MmuGather withPages(int first, int end) {
    return new MmuGather(mm, Math.min(from, first), Math.max(to, end), pages, delayed);
  }

  /// `__tlb_remove_page()`: the folio is to be freed.
  MmuGather withFolio(Folio folio) {
    return new MmuGather(mm, from, to, with(pages, folio), delayed);
  }

  /// `tlb_delay_rmap()`: the folio counts as mapped until the flush.
  MmuGather withDelayed(Folio folio) {
    return new MmuGather(mm, from, to, pages, with(delayed, folio));
  }

  MmuGather flushed() {
    return new MmuGather(mm, Integer.MAX_VALUE, 0, pages, delayed);
  }

  MmuGather withoutDelayed() {
    return new MmuGather(mm, from, to, pages, List.of());
  }

  /// Whether nothing is to be flushed.
  public boolean isFlushed() {
    return from >= to;
  }

  private static List<Folio> with(List<Folio> folios, Folio folio) {
    var more = new ArrayList<>(folios);
    more.add(folio);
    return List.copyOf(more);
  }
}
