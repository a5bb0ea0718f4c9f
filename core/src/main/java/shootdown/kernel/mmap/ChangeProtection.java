package shootdown.kernel.mmap;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.BatchedFlush;
import shootdown.kernel.pgtable.HugePmds;
import shootdown.kernel.pgtable.MmuGather;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.SplitHugePmd;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.machine.Pte;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// Gives the entries of a VMA the rights that the VMA has by now.
final class ChangeProtection {
  private final KernelData data;
  private final Steps steps;
  private final PageWalk walk;
  private final VmPageProt prot;
  private final MprotectFlush flush;
  private final BatchedFlush batched;
  private final HugePmds huge;
  private final SplitHugePmd split;

  ChangeProtection(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.huge = new HugePmds(data);
    this.split = new SplitHugePmd(data, decisions);
    this.flush = decisions.get(MprotectFlush.class);
    this.batched = new BatchedFlush(data, decisions);
    this.walk = new PageWalk(data);
    this.prot = new VmPageProt(data);
  }

  /// Changes pages `from` … `to`-1; what is to be flushed is in the gather.
  @Models(file = "mm/mprotect.c", function = "change_protection", leavesOut = "NUMA hints")
  MmuGather changeProtection(Current me, MmuGather tlb, Vma vma, Pages pages) {
    return steps.call(
        "change_protection",
        () ->
            walk.parts(
                tlb.mm(),
                pages.from(),
                pages.to(),
                tlb,
                (from, to, live) -> changePmd(me, live, vma, new Pages(from, to)),
                (part, live) -> changePteRange(me, live, vma, part)));
  }

  @Models(file = "mm/mprotect.c", function = "change_pmd_range", leavesOut = "NUMA hints")
  private Optional<MmuGather> changePmd(Current me, MmuGather tlb, Vma vma, Pages pages) {
    if (pages.count() == data.layout().ptrsPerPte()) {
      return steps.call("change_huge_pmd", () -> changeHugePmd(me, tlb, vma, pages));
    }
    split.splitHugePmd(me, tlb.mm(), pages.from());
    return Optional.empty();
  }

  @Models(
      file = "mm/huge_memory.c",
      function = "change_huge_pmd",
      leavesOut = "NUMA hints, userfaultfd, migration entries; the flush that pmdp_invalidate_ad()"
          + " does on other ports than x86")
  private Optional<MmuGather> changeHugePmd(
      Current me, MmuGather tlb, Vma vma, Pages pages) {
    return huge.ifTransHuge(
        tlb.mm(),
        pages.from(),
        Optional.<MmuGather>empty(),
        () -> {
          var pmdp = data.pmdp(tlb.mm(), pages.from());
          var old = pmdp.establish(pmdp.get().pte().without(Pte.PRESENT));
          var now = prot.pteModify(old, vma);
          pmdp.set(now);
          return Optional.of(
              flush.pteNeedsFlush(old, now) ? tlb.withPages(pages.from(), pages.to()) : tlb);
        });
  }

  @Models(
      file = "mm/mprotect.c",
      function = "change_pte_range",
      leavesOut = "userfaultfd, upgrading private pages that are exclusive")
  private MmuGather changePteRange(
      Current me, MmuGather tlb, Vma vma, PageWalk.Part part) {
    record At(int vpn, MmuGather tlb) {}
    return steps.call(
        "change_pte_range",
        () -> {
          part.table().ptl().lock();
          batched.flushTlbBatchedPending(me, tlb.mm());
          var changed =
              steps.loop(
                  "ptes",
                  new At(part.from(), tlb),
                  at -> {
                    if (at.vpn() == part.to()) {
                      return Turn.done(at.tlb());
                    }
                    boolean flush = changePte(vma, part, at.vpn());
                    return Turn.again(
                        new At(at.vpn() + 1, flush ? at.tlb().withPage(at.vpn()) : at.tlb()));
                  });
          part.table().ptl().unlock();
          return changed;
        });
  }

  /// Tells whether the entry must be flushed.
  private boolean changePte(Vma vma, PageWalk.Part part, int vpn) {
    return steps.scope(
        () -> {
          var ptep = part.table().pte(vpn);
          if (ptep.isNone()) {
            return false;
          }
          var entry = ptep.get();
          if (MigrationEntry.isMigration(entry)) {
            ptep.set(MigrationEntry.readOnly(entry)); // its rights are the VMA's, once it is back
            return false;
          }
          if (!VmPageProt.ptePresent(entry)) {
            return false;
          }
          var old = ptep.getAndClear(); // until here the hardware may set bits
          var now = canChangePteWritable(vma, old)
              ? prot.pteModify(old, vma).with(Pte.WRITABLE)
              : prot.pteModify(old, vma);
          ptep.set(now);
          return flush.pteNeedsFlush(old, now);
        });
  }

  /// Whether a shared page need not notify: it is dirty already.
  @Models(file = "mm/mprotect.c", function = "can_change_pte_writable")
  private boolean canChangePteWritable(Vma vma, Pte old) {
    return old.dirty() && prot.vmaWantsWritenotify(vma);
  }
}
