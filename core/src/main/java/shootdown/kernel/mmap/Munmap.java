package shootdown.kernel.mmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.MmuGather;
import shootdown.kernel.pgtable.TlbGather;
import shootdown.kernel.pgtable.Zap;
import shootdown.kernel.vmalock.VmaLocks;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// munmap(2), and unmapping as other system calls need it.
final class Munmap {
  private final KernelData data;
  private final Steps steps;
  private final VmaLinks links;
  private final VmaLocks locks;
  private final Zap zap;
  private final TlbGather gather;
  private final FreePgtables tables;

  Munmap(KernelData data, Decisions decisions, VmaLinks links, Zap zap) {
    this.data = data;
    this.steps = data.steps();
    this.links = links;
    this.locks = new VmaLocks(data, decisions);
    this.zap = zap;
    this.gather = new TlbGather(data, decisions);
    this.tables = new FreePgtables(data, links, gather);
  }

  @Models(file = "mm/mmap.c", function = "__vm_munmap")
  long munmap(Current me, long addr, long length) {
    long count = Pages.count(length);
    if (!Pages.isAligned(addr) || count == 0 || !Pages.fit(addr, count)) {
      return Errno.EINVAL.result();
    }
    var mm = data.mm(me.mm());
    mm.mmapLock().lock();
    unmap(me, mm, Pages.at(data.layout(), addr, count).within(data.layout()));
    locks.mmapWriteUnlock(mm);
    return 0;
  }

  /// Takes pages away for good, and says so, unless nothing is mapped there.
  void unmap(Current me, Mm mm, Pages pages) {
    if (pages.isEmpty() || mm.firstOverlap(pages.from(), pages.to()).isEmpty()) {
      return;
    }
    data.ground().unmapBegins(mm.number(), pages.from(), pages.to());
    doMunmap(me, mm, pages);
    data.ground().unmapEnds(mm.number(), pages.from(), pages.to());
  }

  /// Removes all VMAs, or parts of VMAs, in these pages.
  @Models(
      file = "mm/vma.c",
      function = "do_vmi_align_munmap",
      leavesOut = "downgrading mmap_lock (dd2283f2605e), gathering the VMAs in a tree aside")
  void doMunmap(Current me, Mm mm, Pages pages) {
    steps.run(
        "do_munmap",
        () -> {
          links.splitVma(me, mm, pages.from());
          links.splitVma(me, mm, pages.to());
          locks.startWrite(mm, pages.from(), pages.to()); // gaps make no difference
          var tlb = tables.freePgtables(me, mm, pages, unmapVmas(me, mm, pages));
          gather.tlbFinishMmu(me, tlb, pages.from(), pages.to());
        });
  }

  @Models(file = "mm/memory.c", function = "unmap_vmas", leavesOut = "MMU notifiers")
  private MmuGather unmapVmas(Current me, Mm mm, Pages pages) {
    record At(int vpn, MmuGather tlb) {}
    return steps.call(
        "unmap_vmas",
        () ->
            steps.loop(
                "vmas",
                new At(pages.from(), gather.tlbGatherMmu(mm.number())),
                at -> {
                  var next = mm.firstOverlap(at.vpn(), pages.to());
                  if (next.isEmpty()) {
                    return Turn.done(at.tlb());
                  }
                  var vma = next.get().vma();
                  int to = Math.min(vma.end(), pages.to());
                  var tlb =
                      zap.unmapPageRange(
                          me, at.tlb(), vma.start(), to, Zap.Details.NONE);
                  return Turn.again(new At(to, tlb));
                }));
  }
}
