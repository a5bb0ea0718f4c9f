package shootdown.kernel.pgtable;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;

/// The TLB flush of what was gathered.
final class GatherFlush {
  private final KernelData data;

  GatherFlush(KernelData data) {
    this.data = data;
  }

  /// Flushes what was gathered and frees nothing.
  @Models(
      file = "include/asm-generic/tlb.h",
      function = "tlb_flush_mmu_tlbonly",
      leavesOut = "MMU notifiers")
  MmuGather tlbFlushMmuTlbonly(Current me, MmuGather tlb) {
    flush(me, tlb.mm(), tlb.span());
    return tlb.flushed();
  }

  void flush(Current me, int mm, MmuGather.Span span) {
    if (!span.isEmpty()) {
      data.machine().flush().range(me.cpu(), mm, span.from(), span.to(), span.levels());
    }
  }
}
