package shootdown.kernel.khugepaged;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.RemoveTable;

/// Waiting for gup-fast, which walks without locks, where the flush has not waited for it.
final class SyncGupFast {
  private final KernelData data;
  private final CollapseSync sync;
  private final RemoveTable remove;

  SyncGupFast(KernelData data, Decisions decisions) {
    this.data = data;
    this.sync = decisions.get(CollapseSync.class);
    this.remove = decisions.get(RemoveTable.class);
  }

  @Models(file = "mm/mmu_gather.c", function = "tlb_remove_table_sync_one")
  void tlbRemoveTableSyncOne(Current me) {
    if (sync.sendsIpi() && remove.byRcu(data.machine().profile())) {
      data.steps()
          .run(
              "tlb_remove_table_sync_one",
              () -> data.machine().cpus().interruptOthers(me.cpu()));
    }
  }
}
