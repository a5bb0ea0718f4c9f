package shootdown.kernel.khugepaged;

import java.util.function.BooleanSupplier;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.CollapseFlush;
import shootdown.machine.Pte;

/// Page-table pages that a collapse of a file takes away, from the page table to the allocator.
final class FreeRetracted {
  private final KernelData data;
  private final CollapseFlush flush;
  private final SyncGupFast sync;

  FreeRetracted(KernelData data, Decisions decisions) {
    this.data = data;
    this.flush = new CollapseFlush(data);
    this.sync = new SyncGupFast(data, decisions);
  }

  /// Takes the page-table page that maps page `vpn` away from those who walk at this moment: they
  /// look again once they have its lock, and gup-fast holds off its end. If it `mayGo` still, asked
  /// with its lock held, and the PMD lock, which the caller has. [#defer] frees it then.
  boolean collapse(Current me, Table table, int vpn, BooleanSupplier mayGo) {
    table.ptl().lock();
    boolean goes = mayGo.getAsBoolean();
    if (goes) {
      flush.pmdpCollapseFlush(me, table.mm(), vpn);
    }
    table.ptl().unlock();
    return goes;
  }

  @Models(
      file = "mm/pgtable-generic.c",
      function = "pte_free_defer",
      leavesOut = "ports that put several page tables into a page")
  void defer(Table table) {
    data.rcu().callRcu(table.number());
  }

  /// As of v6.5: the caller keeps all walks out, but those of gup-fast. What is left in the
  /// page-table page counts for nothing, and goes with it.
  @Models(file = "mm/khugepaged.c", function = "collapse_and_free_pmd")
  void collapseAndFreePmd(Current me, int mm, int vpn) {
    data.steps()
        .run(
            "collapse_and_free_pmd",
            () -> {
              var lock = data.mm(mm).pageTableLock();
              lock.lock();
              var table = flush.pmdpCollapseFlush(me, mm, vpn);
              lock.unlock();
              sync.tlbRemoveTableSyncOne(me);
              data.steps().atomic("pte_free", () -> free(table, vpn));
            });
  }

  private void free(Table table, int vpn) {
    data.steps()
        .each(vpn, vpn + data.layout().ptrsPerPte(), at -> table.pte(at).set(Pte.NONE));
    data.pteFree(table.number());
  }
}
