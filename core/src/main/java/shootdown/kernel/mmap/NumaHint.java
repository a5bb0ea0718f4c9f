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
              .ifPresent(_ -> changeProtNuma(me, mm, vpn));
          mm.mmapLock().readUnlock();
        });
  }

  private Pages pages(Mm mm, int vpn) {
    return data.isLeaf(mm.number(), vpn) ? huge(vpn) : new Pages(vpn, vpn + 1);
  }

  private Pages huge(int vpn) {
    return new Pages(data.layout().pmdStart(vpn), data.layout().pmdEnd(vpn));
  }

  /// Which pages the scanner comes to is forgotten before they are flushed.
  @Models(file = "mm/mempolicy.c", function = "change_prot_numa")
  private void changeProtNuma(Current me, Mm mm, int vpn) {
    if (flush == MprotectFlush.GATHERED) {
      var tlb = gather.tlbGatherMmu(mm.number());
      var changed = steps.scope(() -> change.changeProtNuma(me, tlb, pages(mm, vpn)));
      var asked = data.layout().hasHugePages() ? huge(vpn) : new Pages(vpn, vpn + 1);
      gather.tlbFinishMmu(me, changed, asked.from(), asked.to());
      return;
    }
    gather.incTlbFlushPending(mm.number());
    var changed = steps.scope(() -> changed(me, mm, vpn));
    if (!changed.isFlushed()) {
      gather.tlbFlushMmuTlbonly(me, changed);
    }
    gather.decTlbFlushPending(mm.number());
  }

  /// What is to be flushed is all that it comes to, or nothing.
  private MmuGather changed(Current me, Mm mm, int vpn) {
    var pages = pages(mm, vpn);
    var changed = change.changeProtNuma(me, MmuGather.of(mm.number()), pages);
    return changed.isFlushed() ? changed : changed.withPages(pages.from(), pages.to());
  }
}
