package shootdown.kernel.pgtable;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.sched.Steps;

/// The life of an [MmuGather]: what it gathered is flushed, then freed.
public final class TlbGather {
  private final KernelData data;
  private final Steps steps;

  public TlbGather(KernelData data) {
    this.data = data;
    this.steps = data.steps();
  }

  /// Begins to gather what is unmapped from an address space.
  @Models(
      file = "mm/mmu_gather.c",
      function = "tlb_gather_mmu",
      leavesOut = "tlb_flush_pending: parallel gathers do not see each other yet")
  public MmuGather tlbGatherMmu(int mm) {
    return MmuGather.of(mm);
  }

  /// Flushes what was gathered and frees nothing.
  @Models(
      file = "include/asm-generic/tlb.h",
      function = "tlb_flush_mmu_tlbonly",
      leavesOut = "freed page-table pages, MMU notifiers")
  public MmuGather tlbFlushMmuTlbonly(Current me, MmuGather tlb) {
    if (tlb.isFlushed()) {
      return tlb;
    }
    data.machine().flush().range(me.cpu(), tlb.mm(), tlb.from(), tlb.to());
    return tlb.flushed();
  }

  /// Drops the mapping counts that had to wait for the flush.
  @Models(file = "mm/mmu_gather.c", function = "tlb_flush_rmaps")
  public MmuGather tlbFlushRmaps(MmuGather tlb) {
    tlb.delayed().forEach(folio -> folio.mapcount().add(-1));
    return tlb.withoutDelayed();
  }

  /// Flushes what was gathered, then frees the pages.
  @Models(file = "mm/mmu_gather.c", function = "tlb_flush_mmu")
  public MmuGather tlbFlushMmu(Current me, MmuGather tlb) {
    var flushed = tlbFlushMmuTlbonly(me, tlb);
    steps.forget(() -> flushed.pages().forEach(data.folios()::put));
    return MmuGather.of(tlb.mm());
  }

  /// Ends gathering.
  @Models(
      file = "mm/mmu_gather.c",
      function = "tlb_finish_mmu",
      leavesOut = "the full flush when gathers were nested")
  public void tlbFinishMmu(Current me, MmuGather tlb) {
    steps.run("tlb_finish_mmu", () -> tlbFlushMmu(me, tlb));
  }
}
