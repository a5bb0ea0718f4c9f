package shootdown.kernel.mmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.MmuGather;
import shootdown.kernel.pgtable.TlbGather;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.sched.Steps;

/// The scanner of NUMA balancing: it takes all rights from an entry, so that the next access faults
/// and tells who uses the page.
final class NumaHint {
  private final KernelData data;
  private final Steps steps;
  private final ChangeProtection change;
  private final TlbGather gather;
  private final MprotectFlush flush;

  NumaHint(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.change = new ChangeProtection(data, decisions);
    this.gather = new TlbGather(data, decisions);
    this.flush = decisions.get(MprotectFlush.class);
  }

  /// Scans one page, or the huge page that it is part of.
  @Models(
      file = "kernel/sched/fair.c",
      function = "task_numa_work",
      leavesOut = "which pages are worth it: every page of a VMA that may be used is")
  void scan(Current me, Mm mm, int vpn) {
    steps.run(
        "task_numa_work",
        () -> {
          mm.mmapLock().readLock();
          mm.vmaAt(vpn)
              .filter(found -> VmPageProt.isAccessible(found.vma()))
              .ifPresent(_ -> changeProtNuma(me, mm, pages(mm, vpn)));
          mm.mmapLock().readUnlock();
        });
  }

  private Pages pages(Mm mm, int vpn) {
    return data.isLeaf(mm.number(), vpn)
        ? new Pages(data.layout().pmdStart(vpn), data.layout().pmdEnd(vpn))
        : new Pages(vpn, vpn + 1);
  }

  @Models(file = "mm/mempolicy.c", function = "change_prot_numa")
  private void changeProtNuma(Current me, Mm mm, Pages pages) {
    if (flush == MprotectFlush.GATHERED) {
      var tlb = gather.tlbGatherMmu(mm.number());
      gather.tlbFinishMmu(
          me, change.changeProtNuma(me, tlb, pages), pages.from(), pages.to());
      return;
    }
    gather.incTlbFlushPending(mm.number());
    var changed = change.changeProtNuma(me, MmuGather.of(mm.number()), pages);
    if (!changed.isFlushed()) {
      gather.tlbFlushMmuTlbonly(me, changed.withPages(pages.from(), pages.to()));
    }
    gather.decTlbFlushPending(mm.number());
  }
}
