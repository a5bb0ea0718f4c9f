package shootdown.kernel.pgtable;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Flush;

/// The TLB flush of what was gathered.
final class GatherFlush {
  private final KernelData data;
  private final FlushLevel level;

  GatherFlush(KernelData data, Decisions decisions) {
    this.data = data;
    this.level = decisions.get(FlushLevel.class);
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
      boolean misses = level.misses(span, data.machine().profile());
      var levels = misses ? Flush.Levels.LAST : span.levels();
      data.machine().flush().range(me.cpu(), mm, span.from(), span.to(), levels);
    }
  }
}
