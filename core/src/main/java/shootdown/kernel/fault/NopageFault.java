package shootdown.kernel.fault;

import java.util.Optional;
import java.util.function.Consumer;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.filemap.PageCache;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;

/// Faults on pages of files that are not mapped, until v2.6.22: the page is not locked. See
/// [shootdown.kernel.filemap.FaultLock].
final class NopageFault {
  private final KernelData data;
  private final Steps steps;
  private final EmptyPte empty;
  private final PageCache pages;
  private final Install install;
  private final SharedWrite shared;
  private final AnonVmaPrepare anonVma;

  NopageFault(
      KernelData data, EmptyPte empty, PageCache pages, Install install, SharedWrite shared) {
    this.data = data;
    this.steps = data.steps();
    this.empty = empty;
    this.pages = pages;
    this.install = install;
    this.shared = shared;
    this.anonVma = new AnonVmaPrepare(data);
  }

  /// The function became `__do_fault()` in v2.6.23, and that several.
  @Models(file = "mm/memory.c", function = "do_no_page", leavesOut = "page_mkwrite()")
  VmFault doNoPage(Vmf fault) {
    return steps.call(
        "do_no_page",
        () -> {
          long sequence = shared.file(fault).truncateCount().read();
          var found = nopage(fault);
          if (found.isEmpty()) {
            return VmFault.SIGBUS;
          }
          return fault.write() && !fault.vma().shared()
              ? copyEarly(anonVma.anonVmaPrepare(fault), found.get(), sequence)
              : map(fault, found.get(), sequence);
        });
  }

  private Optional<Folio> nopage(Vmf vmf) {
    var file = shared.file(vmf);
    int index = vmf.vma().pageIndex(vmf.vpn());
    return index < file.maxPages() ? pages.filemapNopage(file, index) : Optional.empty();
  }

  private VmFault map(Vmf vmf, Folio folio, long sequence) {
    boolean mapped =
        withPte(
            vmf,
            sequence,
            ptep -> {
              install.filePage(vmf, ptep, folio);
              if (vmf.write()) {
                folio.get();
              }
            });
    if (!mapped) {
      return dropped(folio);
    }
    if (vmf.write()) {
      shared.setPageDirty(folio);
      data.folios().put(folio);
    }
    return VmFault.DONE;
  }

  private VmFault copyEarly(Vmf vmf, Folio folio, long sequence) {
    var copy = data.folios().alloc();
    data.folios().copy(folio, copy);
    data.folios().put(folio);
    boolean mapped =
        withPte(vmf, sequence, ptep -> install.privateCopy(vmf, ptep, copy, folio));
    return mapped ? VmFault.DONE : dropped(copy);
  }

  /// Lets `install` set the entry unless one is there by now, or a truncation has begun since the
  /// count of them was `sequence`; tells whether it did. If not, the access faults again.
  private boolean withPte(Vmf vmf, long sequence, Consumer<Ptep> install) {
    return empty.with(
        vmf,
        () ->
            steps.recheck(
                "truncate_count", () -> shared.file(vmf).truncateCount().is(sequence)),
        install);
  }

  private VmFault dropped(Folio folio) {
    data.folios().put(folio);
    return VmFault.NOPAGE;
  }
}
