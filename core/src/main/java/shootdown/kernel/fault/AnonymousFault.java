package shootdown.kernel.fault;

import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;

/// The first touch of a private anonymous page.
final class AnonymousFault {
  private final KernelData data;
  private final Install install;
  private final ReapedFault reaped;

  AnonymousFault(KernelData data, Decisions decisions, Install install) {
    this.data = data;
    this.reaped = decisions.get(ReapedFault.class);
    this.install = install;
  }

  @Models(
      file = "mm/memory.c",
      function = "do_anonymous_page",
      leavesOut = "the zero page: a read gets a page of its own, as in v2.6.24 to v2.6.31;"
          + " userfaultfd, large folios; anon_vma_prepare() (mmap() does it)")
  VmFault doAnonymousPage(Vmf vmf) {
    return data.steps()
        .call(
            "do_anonymous_page",
            () -> {
              var table = data.allocTable(vmf.mm(), vmf.vpn());
              var folio = data.folios().alloc();
              data.folios().clear(folio);
              table.ptl().lock();
              var ptep = table.pte(vmf.vpn());
              boolean free = data.steps().recheck("pte_none", ptep::isNone);
              boolean mayMap = reaped.mayMap(data.mm(vmf.mm()));
              if (free && mayMap) {
                install.anonymous(
                    vmf,
                    ptep,
                    folio,
                    () -> data.ground().holdsPrivateZero(folio.pfn(), vmf.mm(), vmf.vpn()));
              }
              table.ptl().unlock();
              if (!free || !mayMap) {
                data.folios().put(folio);
              }
              return mayMap || !free ? VmFault.DONE : VmFault.SIGBUS;
            });
  }
}
