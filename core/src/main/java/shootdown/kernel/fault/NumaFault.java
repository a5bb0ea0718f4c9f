package shootdown.kernel.fault;

import java.util.Optional;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.migrate.MigratePages;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.machine.Pte;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// A hinting fault: the VMA allows the access, and the entry maps a page that nobody may access,
/// because the scanner of NUMA balancing wanted to know who does. The page moves to the node of who
/// faulted, or not: which is a choice here.
final class NumaFault {
  private final KernelData data;
  private final Steps steps;
  private final VmPageProt prot;
  private final MigratePages migrate;
  private final PageWalk walk;
  private final ProtNoneFault protNone;
  private final NumaRebuild rebuild;

  NumaFault(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.prot = new VmPageProt(data);
    this.migrate = new MigratePages(data, decisions);
    this.walk = new PageWalk(data, decisions);
    this.protNone = decisions.get(ProtNoneFault.class);
    this.rebuild = decisions.get(NumaRebuild.class);
  }

  /// Whether an entry that gives no rights is one of NUMA balancing.
  boolean isHint(Vmf vmf) {
    return protNone.isHint(steps, vmf);
  }

  /// Entered with the page-table lock held, which it drops.
  @Models(
      file = "mm/memory.c",
      function = "do_numa_page",
      leavesOut = "nodes and statistics; large folios, which stay; pages that are not worth it:"
          + " dirty ones of files, shared code")
  VmFault doNumaPage(Vmf vmf, Table table, Pte orig) {
    return steps.call(
        "do_numa_page",
        () -> {
          if (steps.scope(() -> stays(vmf, table, orig))) {
            expectWithinTable(vmf, orig);
            numaRebuildSingleMapping(vmf, table);
            table.ptl().unlock();
          }
          return VmFault.DONE;
        });
  }

  /// `numa_rebuild_large_mapping()` goes through the entries of all pages of the folio that the VMA
  /// may have. Here only one is mapped again.
  private void expectWithinTable(Vmf vmf, Pte orig) {
    var page = data.folios().vmNormalFolio(orig);
    if (rebuild == NumaRebuild.WITHIN_TABLE || page.isEmpty() || !page.get().isLarge()) {
      return;
    }
    int first = vmf.vpn() - (page.get().pfn() - page.get().head());
    int from = Math.max(first, vmf.vma().start());
    int to = Math.min(first + data.layout().ptrsPerPte(), vmf.vma().end());
    if (from < data.layout().pmdStart(vmf.vpn()) || to > data.layout().pmdEnd(vmf.vpn())) {
      throw steps.fail(
          new Violation("kernel bug", "a NUMA fault looks at entries beyond the page table"));
    }
  }

  /// Whether the page stays and the entry is still the same: only then the page-table lock is held
  /// afterwards.
  private boolean stays(Vmf vmf, Table table, Pte orig) {
    var folio = steps.scope(() -> isolated(orig));
    if (folio.isEmpty()) {
      return true;
    }
    table.ptl().unlock();
    return !migrate.migrateMisplacedFolio(vmf.me(), folio.get())
        && walk.lockIfSame(table, vmf.vpn(), orig);
  }

  /// The page, off the LRU, if it is worth it to move it.
  private Optional<Folio> isolated(Pte orig) {
    return data.folios()
        .vmNormalFolio(orig)
        .filter(page -> !page.isLarge())
        .filter(page -> steps.choose(2) == 1 && data.folios().folioIsolateLru(page));
  }

  /// No flush: what was there nobody could use.
  @Models(file = "mm/memory.c", function = "numa_rebuild_single_mapping")
  private void numaRebuildSingleMapping(Vmf vmf, Table table) {
    steps.forget(
        () -> {
          var ptep = table.pte(vmf.vpn());
          var old = ptep.getAndClear();
          ptep.set(prot.numaRebuilt(old, vmf.vma()));
        });
  }
}
