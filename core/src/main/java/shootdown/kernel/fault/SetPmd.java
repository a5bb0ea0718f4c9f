package shootdown.kernel.fault;

import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.HugePmds;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.machine.Pte;
import shootdown.sched.Steps;

/// Huge pages of shared memory in faults: where they are made, and mapping them by a PMD entry.
final class SetPmd {
  private final KernelData data;
  private final Steps steps;
  private final HugePmds huge;
  private final VmPageProt prot;
  private final ShmemHuge shmemHuge;

  SetPmd(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.huge = new HugePmds(data);
    this.prot = new VmPageProt(data);
    this.shmemHuge = decisions.get(ShmemHuge.class);
  }

  /// How large a folio a fault of the VMA makes where the file has none: whether it lies in the
  /// VMA as a whole makes no difference.
  @Models(
      file = "mm/shmem.c",
      function = "shmem_is_huge",
      leavesOut = "all but advise: mount options, and the end of the file; that since v6.12 shared"
          + " anonymous memory asks whether the VMA is suitable")
  PageCache.Order order(FileData file, Vma vma) {
    boolean huge =
        data.layout().hasHugePages()
            && data.machine().profile().hugePages()
            && shmemHuge == ShmemHuge.ADVISE
            && vma.has(Vma.VM_HUGEPAGE)
            && file.is(FileData.Kind.SHMEM);
    return huge ? PageCache.Order.HUGE : PageCache.Order.ONE_PAGE;
  }

  /// Maps a locked huge folio by a PMD entry, if the VMA has the whole of it and no entry is there
  /// by now; tells whether it did. The caller's reference becomes the entry's.
  @Models(
      file = "mm/memory.c",
      function = "do_set_pmd",
      leavesOut = "a page-table page in store, which no port here needs; statistics")
  boolean doSetPmd(Vmf vmf, Folio folio) {
    if (!huge.isSuitable(vmf.vma(), vmf.vpn())) {
      return false;
    }
    return steps.call(
        "do_set_pmd",
        () -> {
          var lock = data.mm(vmf.mm()).pageTableLock();
          lock.lock();
          var pmdp = data.pmdp(vmf.mm(), vmf.vpn());
          boolean free = steps.recheck("pmd_none", pmdp::isNone);
          if (free) {
            var head = data.folios().page(folio, 0);
            huge.folioAddFileRmapPmd(head);
            var entry = prot.mkPte(head, vmf.vma());
            pmdp.set(
                vmf.write()
                    ? VmPageProt.maybeMkwrite(entry.with(Pte.DIRTY), vmf.vma())
                    : entry);
          }
          lock.unlock();
          return free;
        });
  }
}
