package shootdown.kernel.rmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.BatchedFlush;
import shootdown.kernel.pgtable.ClearFlush;
import shootdown.kernel.rmap.RmapWalk.Place;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;

/// Taking away an entry that maps a folio: flushed now, or by the batch; the page-table lock is
/// held.
final class TakeEntry {
  private final KernelData data;
  private final UnmapBatching batching;
  private final BatchedFlush batched;
  private final ClearFlush clearFlush;

  TakeEntry(KernelData data, Decisions decisions) {
    this.data = data;
    this.batching = decisions.get(UnmapBatching.class);
    this.batched = new BatchedFlush(data, decisions);
    this.clearFlush = new ClearFlush(data, decisions);
  }

  /// What was there, and the batch, with what is still to be flushed.
  record Taken(Pte pte, TlbUbc ubc) {}

  Taken take(Current me, Place place, Ptep ptep, TlbUbc ubc, TtuFlags flags) {
    if (!shouldDeferFlush(me, place.mm(), flags)) {
      return new Taken(clearFlush.ptepClearFlush(me, place.mm(), ptep), ubc);
    }
    var pte = ptep.getAndClear();
    if (!clearFlush.pteAccessible(place.mm(), pte)) {
      return new Taken(pte, ubc);
    }
    batched.setTlbUbcFlushPending(place.mm());
    return new Taken(pte, ubc.with(place.mm(), pte.dirty()));
  }

  /// Only where another CPU would have to be told.
  @Models(file = "mm/rmap.c", function = "should_defer_flush")
  @Models(file = "arch/x86/include/asm/tlbflush.h", function = "arch_tlbbatch_should_defer")
  private boolean shouldDeferFlush(Current me, int mm, TtuFlags flags) {
    return (flags == TtuFlags.BATCH_FLUSH || flags == TtuFlags.COLLAPSE)
        && batching.batches(data.machine().profile())
        && data.machine().cpus().isLoadedElsewhere(mm, me.cpu());
  }
}
