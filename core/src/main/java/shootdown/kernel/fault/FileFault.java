package shootdown.kernel.fault;

import java.util.Optional;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.filemap.FaultLock;
import shootdown.kernel.filemap.Hole;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.SetPmd;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.machine.Pte;
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
  private final FaultLock lock;
  private final NopageFault noPage;
  private final ShmemOrder shmemOrder;
  private final SetPmd setPmd;
  private final EmptyPte empty;
  private final Hole hole;
  private final ReapedFault reaped;
  private final AnonVmaPrepare anonVma;

  FileFault(
      KernelData data, Decisions decisions, PageCache pages, Install install, SharedWrite shared) {
    this.shmemOrder = new ShmemOrder(data, decisions);
    this.setPmd = new SetPmd(data);
    this.empty = new EmptyPte(data, new PageWalk(data, decisions));
    this.hole = new Hole(decisions);
    this.reaped = decisions.get(ReapedFault.class);
    this.anonVma = new AnonVmaPrepare(data);
    this.data = data;
    this.steps = data.steps();
    this.pages = pages;
    this.install = install;
    this.shared = shared;
    this.lock = decisions.get(FaultLock.class);
    this.noPage = new NopageFault(data, empty, pages, install, shared);
  }

  @Models(file = "mm/memory.c", function = "do_fault")
  VmFault doFault(Vmf vmf) {
    if (lock == FaultLock.UNLOCKED) {
      return noPage.doNoPage(vmf);
    }
    if (hole.waitFor(shared.file(vmf), vmf.vma().pageIndex(vmf.vpn()))) {
      return VmFault.NOPAGE;
    }
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
          if (isReaped(vmf)) {
            pages.unlockAndPut(folio);
            return VmFault.SIGBUS;
          }
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
  private VmFault doCowFault(Vmf fault) {
    return steps.call(
        "do_cow_fault",
        () -> {
          var vmf = anonVma.anonVmaPrepare(fault);
          var copy = data.folios().alloc();
          var found = doFaultPage(vmf);
          if (found.isEmpty()) {
            data.folios().put(copy);
            return VmFault.SIGBUS;
          }
          var folio = found.get();
          data.folios().copy(folio, copy);
          if (isReaped(vmf)) {
            pages.unlockAndPut(folio);
            data.folios().put(copy);
            return VmFault.SIGBUS;
          }
          boolean mapped = finishCowFault(vmf, folio, copy);
          folio.lock().unlock();
          data.folios().put(folio);
          return mapped ? VmFault.DONE : dropped(copy);
        });
  }

  /// Whether a private page that was there may be gone: asked at the start of `finish_fault()`.
  private boolean isReaped(Vmf vmf) {
    return !vmf.vma().shared() && !reaped.mayMap(data.mm(vmf.mm()));
  }

  /// The page, locked and referenced; empty beyond the end of the file.
  @Models(file = "mm/memory.c", function = "__do_fault")
  private Optional<Folio> doFaultPage(Vmf vmf) {
    var file = shared.file(vmf);
    int index = vmf.vma().pageIndex(vmf.vpn());
    var found =
        index < file.maxPages()
            ? pages.filemapFault(file, index, shmemOrder.order(file, vmf.vma()))
            : Optional.<Folio>empty();
    found.ifPresent(folio -> folio.lock().assertLocked()); // VM_BUG_ON_PAGE(), as of v6.1
    return found;
  }

  /// Maps the locked page unless an entry is there by now; tells whether it did.
  @Models(
      file = "mm/memory.c",
      function = "finish_fault",
      leavesOut = "that of a large folio several pages are mapped at once by PTEs")
  private boolean finishFault(Vmf vmf, Folio folio) {
    return steps.call(
        "finish_fault",
        () -> {
          if (folio.isLarge()
              && data.pmdp(vmf.mm(), vmf.vpn()).isNone()
              && doSetPmd(vmf, folio)) {
            return true;
          }
          return empty.with(vmf, ptep -> install.filePage(vmf, ptep, folio));
        });
  }

  private boolean doSetPmd(Vmf vmf, Folio folio) {
    return setPmd.doSetPmd(
        vmf.mm(),
        vmf.vma(),
        vmf.vpn(),
        folio,
        entry ->
            vmf.write() ? VmPageProt.maybeMkwrite(entry.with(Pte.DIRTY), vmf.vma()) : entry);
  }

  /// As [#finishFault] for the private copy of a page of a file.
  @Models(file = "mm/memory.c", function = "finish_fault")
  private boolean finishCowFault(Vmf vmf, Folio folio, Folio copy) {
    return steps.call(
        "finish_fault",
        () ->
            empty.with(vmf, ptep -> install.privateCopy(vmf, ptep, copy, folio)));
  }

  private VmFault dropped(Folio folio) {
    data.folios().put(folio);
    return VmFault.NOPAGE;
  }
}
