package shootdown.kernel.fault;

import java.util.Optional;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.HugePmds;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.machine.Pmd;
import shootdown.machine.Pmdp;
import shootdown.sched.Lock;
import shootdown.sched.Steps;

/// The huge zero page: the first read of what may become a huge page maps it, the first write takes
/// its place.
final class HugeZeroFault {
  private final KernelData data;
  private final Steps steps;
  private final HugePmds huge;
  private final VmPageProt prot;
  private final HugeZeroPage zeroPage;
  private final HugeZeroWrite write;
  private final ReapedFault reaped;
  private final HugeDirty dirty;

  HugeZeroFault(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.huge = new HugePmds(data);
    this.prot = new VmPageProt(data);
    this.zeroPage = decisions.get(HugeZeroPage.class);
    this.write = decisions.get(HugeZeroWrite.class);
    this.reaped = decisions.get(ReapedFault.class);
    this.dirty = decisions.get(HugeDirty.class);
  }

  /// Whether a fault where nothing is mapped maps it.
  boolean isWanted(Vmf vmf) {
    return !vmf.write() && zeroPage == HugeZeroPage.READ_FAULTS;
  }

  /// Maps it, if there is nothing still.
  @Models(
      file = "mm/huge_memory.c",
      function = "set_huge_zero_folio",
      leavesOut = "making it when it is first used, and freeing it when it is not any more")
  VmFault setHugeZeroFolio(Vmf vmf) {
    int table = data.pteAllocOne();
    lock(vmf).lock();
    var pmdp = pmdp(vmf);
    boolean free = steps.recheck("pmd_none", pmdp::isNone);
    boolean mayMap = reaped.mayMap(data.mm(vmf.mm()));
    if (free && mayMap) {
      data.mm(vmf.mm()).deposit(table);
      pmdp.set(prot.mkPte(data.folios().hugeZeroPage(), vmf.vma()));
    }
    lock(vmf).unlock();
    if (!free || !mayMap) {
      data.pteFree(table);
    }
    return mayMap || !free ? VmFault.DONE : VmFault.SIGBUS;
  }

  /// A write to it; empty if the entry is to be split.
  Optional<VmFault> wp(Vmf vmf, Pmd orig) {
    return write.isHuge() ? Optional.of(doHugeZeroWpPmd(vmf, orig)) : Optional.empty();
  }

  /// The page-table page that is in store stays there.
  @Models(
      file = "mm/huge_memory.c",
      function = "do_huge_zero_wp_pmd",
      leavesOut = "splitting the entry where there is no huge page, or none is allowed any more")
  private VmFault doHugeZeroWpPmd(Vmf vmf, Pmd orig) {
    return steps.call(
        "do_huge_zero_wp_pmd",
        () -> {
          var folio = data.folios().allocHuge();
          data.folios().clear(folio);
          lock(vmf).lock();
          var pmdp = pmdp(vmf);
          boolean same = pmdp.is(orig);
          boolean mayMap = reaped.mayMap(data.mm(vmf.mm()));
          if (same && mayMap) {
            huge.pmdpHugeClearFlush(vmf.me(), vmf.mm(), pmdp);
            huge.mapAnonFolioPmd(
                pmdp,
                vmf.vma(),
                folio,
                dirty.bit(vmf.vma()),
                () -> huge.holdsZeroes(vmf.mm(), pmdp, folio));
          }
          lock(vmf).unlock();
          if (!same || !mayMap) {
            data.folios().put(folio);
          }
          return mayMap || !same ? VmFault.WRITE : VmFault.SIGBUS;
        });
  }

  private Pmdp pmdp(Vmf vmf) {
    return data.pmdp(vmf.mm(), vmf.vpn());
  }

  private Lock lock(Vmf vmf) {
    return data.mm(vmf.mm()).pageTableLock();
  }
}
