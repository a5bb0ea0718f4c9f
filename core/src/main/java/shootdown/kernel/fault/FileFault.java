package shootdown.kernel.fault;

import java.util.Optional;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.filemap.PageCache;
import shootdown.sched.Steps;

/// A fault where a page of a file is to be mapped and no entry is there.
///
/// ```text
///                | read               | write
/// ---------------+--------------------+---------------------------------------------------
/// shared         | do_read_fault      | do_shared_fault: page_mkwrite, map it dirty
/// private        | do_read_fault      | do_cow_fault: map a private copy
/// ```
final class FileFault {
  private final KernelData data;
  private final Steps steps;
  private final PageCache pages;
  private final Install install;
  private final SharedWrite shared;

  FileFault(KernelData data, PageCache pages, Install install, SharedWrite shared) {
    this.data = data;
    this.steps = data.steps();
    this.pages = pages;
    this.install = install;
    this.shared = shared;
  }

  @Models(file = "mm/memory.c", function = "do_fault")
  VmFault doFault(Vmf vmf) {
    if (!vmf.write()) {
      return doReadFault(vmf);
    }
    return vmf.vma().shared() ? doSharedFault(vmf) : doCowFault(vmf);
  }

  @Models(file = "mm/memory.c", function = "do_read_fault", leavesOut = "fault-around")
  private VmFault doReadFault(Vmf vmf) {
    return steps.call(
        "do_read_fault",
        () -> {
          var found = doFaultPage(vmf);
          if (found.isEmpty()) {
            return VmFault.SIGBUS;
          }
          var folio = found.get();
          boolean mapped = finishFault(vmf, folio);
          folio.lock().unlock();
          return mapped ? VmFault.DONE : dropped(folio);
        });
  }

  @Models(file = "mm/memory.c", function = "do_shared_fault")
  private VmFault doSharedFault(Vmf vmf) {
    return steps.call(
        "do_shared_fault",
        () -> {
          var found = doFaultPage(vmf);
          if (found.isEmpty()) {
            return VmFault.SIGBUS;
          }
          var folio = found.get();
          if (shared.hasPageMkwrite(vmf)) {
            folio.lock().unlock();
            if (!shared.doPageMkwrite(vmf, folio)) {
              return dropped(folio);
            }
          }
          if (!finishFault(vmf, folio)) {
            folio.lock().unlock();
            return dropped(folio);
          }
          shared.faultDirtySharedPage(folio);
          return VmFault.DONE;
        });
  }

  @Models(file = "mm/memory.c", function = "do_cow_fault")
  private VmFault doCowFault(Vmf vmf) {
    return steps.call(
        "do_cow_fault",
        () -> {
          var copy = data.folios().alloc();
          var found = doFaultPage(vmf);
          if (found.isEmpty()) {
            data.folios().put(copy);
            return VmFault.SIGBUS;
          }
          var folio = found.get();
          data.folios().copy(folio, copy);
          boolean mapped = finishCowFault(vmf, folio, copy);
          folio.lock().unlock();
          data.folios().put(folio);
          return mapped ? VmFault.DONE : dropped(copy);
        });
  }

  /// The page, locked and referenced; empty beyond the end of the file.
  @Models(file = "mm/memory.c", function = "__do_fault")
  private Optional<Folio> doFaultPage(Vmf vmf) {
    var file = shared.file(vmf);
    int index = vmf.vma().pageIndex(vmf.vpn());
    var found =
        index < file.maxPages() ? pages.filemapFault(file, index) : Optional.<Folio>empty();
    found.ifPresent(folio -> folio.lock().assertLocked()); // VM_BUG_ON_PAGE(), as of v6.1
    return found;
  }

  /// Maps the locked page unless an entry is there by now; tells whether it did.
  @Models(file = "mm/memory.c", function = "finish_fault", leavesOut = "huge PMDs, large folios")
  private boolean finishFault(Vmf vmf, Folio folio) {
    return steps.call(
        "finish_fault",
        () -> {
          var table = data.allocTable(vmf.mm(), vmf.vpn());
          table.ptl().lock();
          var ptep = table.pte(vmf.vpn());
          boolean free = steps.recheck("pte_none", ptep::isNone);
          if (free) {
            install.filePage(vmf, ptep, folio);
          }
          table.ptl().unlock();
          return free;
        });
  }

  /// As [#finishFault] for the private copy of a page of a file.
  @Models(file = "mm/memory.c", function = "finish_fault")
  private boolean finishCowFault(Vmf vmf, Folio folio, Folio copy) {
    return steps.call(
        "finish_fault",
        () -> {
          var table = data.allocTable(vmf.mm(), vmf.vpn());
          table.ptl().lock();
          var ptep = table.pte(vmf.vpn());
          boolean free = steps.recheck("pte_none", ptep::isNone);
          if (free) {
            install.anonymous(
                vmf,
                ptep,
                copy,
                () ->
                    data.ground()
                        .holdsPrivateCopy(copy.pfn(), folio.pfn(), vmf.mm(), vmf.vpn()));
          }
          table.ptl().unlock();
          return free;
        });
  }

  private VmFault dropped(Folio folio) {
    data.folios().put(folio);
    return VmFault.NOPAGE;
  }
}
