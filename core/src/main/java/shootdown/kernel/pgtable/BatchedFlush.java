package shootdown.kernel.pgtable;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.sched.Steps;
import shootdown.sched.Word;

/// What reclaim, which flushes late, and who changes page tables owe each other. Both methods are
/// called with the lock of some page-table page of the address space held.
public final class BatchedFlush {
  private static final int FLUSHED_SHIFT = 16;
  private static final long PENDING_MASK = (1 << FLUSHED_SHIFT) - 1;

  private final KernelData data;
  private final Steps steps;
  private final FlushBatchedPending decision;

  public BatchedFlush(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.decision = decisions.get(FlushBatchedPending.class);
  }

  /// An entry was taken, and its flush is put off.
  @Models(
      file = "mm/rmap.c",
      function = "set_tlb_ubc_flush_pending",
      leavesOut = "the CPUs and the dirtiness, which the batch has; overflow of the count")
  public void setTlbUbcFlushPending(int mm) {
    switch (decision.memory()) {
      case NOTHING -> {}
      case FLAG -> word(mm).write(1);
      case COUNTS -> word(mm).add(1);
    }
  }

  /// Flushes the address space if reclaim may have put off a flush of an entry that the caller is
  /// about to find gone.
  @Models(file = "mm/rmap.c", function = "flush_tlb_batched_pending")
  public void flushTlbBatchedPending(Current me, int mm) {
    switch (decision.memory()) {
      case NOTHING -> {}
      case FLAG ->
          steps.run(
              "flush_tlb_batched_pending",
              () -> {
                if (!word(mm).is(0)) {
                  data.machine().flush().mm(me.cpu(), mm);
                  word(mm).write(0);
                }
              });
      case COUNTS -> steps.run("flush_tlb_batched_pending", () -> flushCounted(me, mm));
    }
  }

  private void flushCounted(Current me, int mm) {
    long batch = word(mm).read();
    long pending = batch & PENDING_MASK;
    if (pending != batch >>> FLUSHED_SHIFT) {
      if (decision.flushes(data.machine().profile())) {
        data.machine().flush().mm(me.cpu(), mm);
      }
      word(mm).cas(batch, pending | pending << FLUSHED_SHIFT);
    }
  }

  private Word word(int mm) {
    return data.mm(mm).tlbFlushBatched();
  }
}
