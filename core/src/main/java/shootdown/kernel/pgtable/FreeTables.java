package shootdown.kernel.pgtable;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Flush;
import shootdown.machine.MachineProfile;
import shootdown.sched.Steps;

/// Page-table pages that are no longer needed, from the page table to the allocator.
///
/// ```text
/// PMD cleared -> gathered -> TLBs and walk caches flushed -> [grace period] -> free
/// ```
///
/// Three may still walk through one: the hardware by what its walk caches hold, until the flush;
/// gup-fast, which takes no lock, until its interrupts are on again; and nobody else, as the VMAs
/// are unlinked from where rmap walks would find them.
final class FreeTables {
  private final KernelData data;
  private final Steps steps;
  private final RemoveTable remove;
  private final WalkCacheFlush walkCaches;
  private final GatherFlush flush;

  FreeTables(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.remove = decisions.get(RemoveTable.class);
    this.walkCaches = decisions.get(WalkCacheFlush.class);
    this.flush = new GatherFlush(data, decisions);
  }

  /// Whether page-table pages are gathered apart from pages, and freed by RCU.
  boolean byRcu() {
    return remove.byRcu(data.machine().profile());
  }

  /// Gathers a page-table page that the PMD entry of page `vpn` pointed to.
  @Models(file = "include/asm-generic/tlb.h", function = "pte_free_tlb")
  @Models(file = "arch/arm64/include/asm/tlb.h", function = "__pte_free_tlb")
  MmuGather pteFreeTlb(Current me, MmuGather tlb, int vpn, int table) {
    int first = data.layout().pmdStart(vpn);
    var walk = data.machine().profile().walkCache();
    if (walkCaches == WalkCacheFlush.AT_ONCE && walk == MachineProfile.WalkCache.FREED) {
      data.machine().flush().range(me.cpu(), tlb.mm(), first, first + 1, Flush.Levels.ALL);
      return tlbRemoveTable(me, tlb, table);
    }
    var span = tlb.span().with(first, first + 1).withFreedTables(true);
    return tlbRemoveTable(me, tlb.with(span), table);
  }

  @Models(
      file = "mm/mmu_gather.c",
      function = "tlb_remove_table",
      leavesOut = "today, that the batch may not be had, where no test asks for it")
  private MmuGather tlbRemoveTable(Current me, MmuGather tlb, int table) {
    if (!byRcu()) {
      return tlb.withTable(table);
    }
    if (remove.aloneAtOnce() && data.mm(tlb.mm()).users() < 2) {
      data.pteFree(table);
      return tlb;
    }
    boolean memory = data.gatherRoom() == KernelData.MUCH_ROOM && !remove.oneAtOnce();
    if (memory || !tlb.tables().isEmpty() || steps.choose(2) == 0) {
      return tlb.withTable(table);
    }
    return steps.call(
        "tlb_remove_table",
        () -> {
          var flushed = remove.oneAtOnce() ? tlb : flush.tlbFlushMmuTlbonly(me, tlb);
          tlbRemoveTableOne(me, table);
          return flushed;
        });
  }

  @Models(file = "mm/mmu_gather.c", function = "tlb_remove_table_one")
  private void tlbRemoveTableOne(Current me, int table) {
    steps.run(
        "tlb_remove_table_one",
        () -> {
          data.machine().cpus().interruptOthers(me.cpu());
          data.pteFree(table);
        });
  }

  /// Frees what was gathered, and flushed.
  @Models(file = "mm/mmu_gather.c", function = "tlb_table_flush")
  void tlbTableFlush(MmuGather tlb) {
    boolean rcu = byRcu();
    for (int table : tlb.tables()) {
      if (rcu) {
        data.rcu().callRcu(table);
      } else {
        data.pteFree(table);
      }
    }
  }
}
