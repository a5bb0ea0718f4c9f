package shootdown.kernel.mmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.pgtable.MmuGather;
import shootdown.kernel.pgtable.TlbGather;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// Unlinks VMAs whose pages are unmapped, then frees the page-table pages that no other VMA needs.
///
/// The order matters: an rmap walk that finds the VMA goes on to its page table.
final class FreePgtables {
  private final KernelData data;
  private final Steps steps;
  private final VmaLinks links;
  private final TlbGather gather;

  FreePgtables(KernelData data, VmaLinks links, TlbGather gather) {
    this.data = data;
    this.steps = data.steps();
    this.links = links;
    this.gather = gather;
  }

  /// Unlinks every VMA of the pages, at whose borders VMAs are split, and frees page tables.
  @Models(
      file = "mm/memory.c",
      function = "free_pgtables",
      leavesOut = "that page tables of VMAs which lie far apart are freed one by one, before the"
          + " next VMA is unlinked")
  MmuGather freePgtables(Current me, Mm mm, Pages pages, MmuGather tlb) {
    return steps.call(
        "free_pgtables",
        () -> {
          steps.<Boolean>retry("vmas", () -> unlinkNext(mm, pages));
          return freePgdRange(me, mm, pages, tlb);
        });
  }

  private Turn<Boolean, Boolean> unlinkNext(Mm mm, Pages pages) {
    var next = mm.firstOverlap(pages.from(), pages.to());
    if (next.isEmpty()) {
      return Turn.done(true);
    }
    links.unlink(mm, next.get());
    return Turn.again(true);
  }

  /// What is freed lies wholly between `floor` and `ceiling`, the neighbours that stay.
  @Models(
      file = "mm/memory.c",
      function = "free_pgd_range",
      leavesOut = "upper levels: they are folded")
  private MmuGather freePgdRange(Current me, Mm mm, Pages pages, MmuGather tlb) {
    record At(int vpn, MmuGather tlb) {}
    return steps.loop(
        "page tables",
        new At(data.layout().pmdStart(pages.from()), tlb),
        at -> {
          if (at.vpn() >= pages.to()) {
            return Turn.done(at.tlb());
          }
          int next = data.layout().pmdEnd(at.vpn());
          boolean free = mm.firstOverlap(at.vpn(), next).isEmpty();
          return Turn.again(
              new At(next, free ? freePteRange(me, at.tlb(), at.vpn()) : at.tlb()));
        });
  }

  @Models(file = "mm/memory.c", function = "free_pte_range")
  private MmuGather freePteRange(Current me, MmuGather tlb, int vpn) {
    return steps.call(
        "free_pte_range",
        () -> {
          pmdNoneOrClearBad(tlb.mm(), vpn);
          if (data.table(tlb.mm(), vpn).isEmpty()) {
            return tlb;
          }
          int table = data.machine().pmdClearEmpty(tlb.mm(), vpn);
          return gather.pteFreeTlb(me, tlb, vpn, table);
        });
  }

  /// A huge page that is still there, or there again, is taken for garbage.
  @Models(file = "include/linux/pgtable.h", function = "pmd_none_or_clear_bad")
  private void pmdNoneOrClearBad(int mm, int vpn) {
    if (data.layout().hasHugePages() && data.isLeaf(mm, vpn)) {
      throw steps.fail(
          new Violation("kernel bug", "bad pmd: a huge page is where page tables are freed"));
    }
  }
}
