package shootdown.kernel.fault;

import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.uffd.HandleUserfault;

/// The first touch of a private anonymous page: the zero page for who reads, a page of its own for
/// who writes.
final class AnonymousFault {
  private final KernelData data;
  private final Install install;
  private final VmPageProt prot;
  private final ZeroPage zeroPage;
  private final ReapedFault reaped;
  private final PageWalk walk;
  private final UserfaultFault userfault;

  AnonymousFault(KernelData data, Decisions decisions, Install install) {
    this.data = data;
    this.reaped = decisions.get(ReapedFault.class);
    this.walk = new PageWalk(data, decisions);
    this.userfault = new UserfaultFault(data, decisions);
    this.install = install;
    this.prot = new VmPageProt(data);
    this.zeroPage = decisions.get(ZeroPage.class);
  }

  @Models(
      file = "mm/memory.c",
      function = "do_anonymous_page",
      leavesOut = "large folios; anon_vma_prepare() (mmap() does it)")
  VmFault doAnonymousPage(Vmf vmf) {
    return data.steps()
        .call(
            "do_anonymous_page",
            () -> {
              var there = data.pteAlloc(vmf.mm(), vmf.vpn());
              if (there.isEmpty()) {
                return VmFault.DONE; // a huge page came first: pmd_trans_unstable(), as of v6.1
              }
              var table = there.get();
              if (!vmf.write() && zeroPage == ZeroPage.READ_FAULTS) {
                return mapZeroPage(vmf, table);
              }
              var folio = data.folios().alloc();
              data.folios().clear(folio);
              if (!walk.lockUnderMmapLock(table, vmf.vpn())) {
                data.folios().put(folio);
                return VmFault.DONE;
              }
              var ptep = table.pte(vmf.vpn());
              boolean free = data.steps().recheck("pte_none", ptep::isNone);
              boolean mayMap = reaped.mayMap(data.mm(vmf.mm()));
              boolean maps = free && mayMap && !UserfaultFault.isMissing(vmf.vma());
              if (maps) {
                install.anonymous(
                    vmf,
                    ptep,
                    folio,
                    () -> data.ground().holdsPrivateZero(folio.pfn(), vmf.mm(), vmf.vpn()));
              }
              table.ptl().unlock();
              if (!maps) {
                data.folios().put(folio);
              }
              return ended(vmf, free, mayMap);
            });
  }

  private VmFault mapZeroPage(Vmf vmf, Table table) {
    if (!walk.lockUnderMmapLock(table, vmf.vpn())) {
      return VmFault.DONE;
    }
    var ptep = table.pte(vmf.vpn());
    boolean free = data.steps().recheck("pte_none", ptep::isNone);
    boolean mayMap = reaped.mayMap(data.mm(vmf.mm()));
    if (free && mayMap && !UserfaultFault.isMissing(vmf.vma())) {
      ptep.set(prot.mkPte(data.folios().zeroPage(), vmf.vma()));
    }
    table.ptl().unlock();
    return ended(vmf, free, mayMap);
  }

  /// Where a userfaultfd watches, it is asked, and nothing was mapped.
  private VmFault ended(Vmf vmf, boolean free, boolean mayMap) {
    if (!free) {
      return VmFault.DONE;
    }
    if (!mayMap) {
      return VmFault.SIGBUS;
    }
    return UserfaultFault.isMissing(vmf.vma())
        ? userfault.handle(vmf, HandleUserfault.Reason.MISSING)
        : VmFault.DONE;
  }
}
