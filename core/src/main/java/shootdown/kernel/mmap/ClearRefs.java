package shootdown.kernel.mmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.ksm.DeferredWrprotect;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.TlbGather;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.machine.Machine;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// What a write of 4 to `/proc/PID/clear_refs` does: every entry becomes read-only, so that the
/// next store faults and is known to have come since (soft-dirty).
final class ClearRefs {
  private final KernelData data;
  private final Steps steps;
  private final PageWalk walk;
  private final TlbGather gather;
  private final ClearRefsFlush flush;
  private final DeferredWrprotect deferred;

  ClearRefs(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new PageWalk(data, decisions);
    this.gather = new TlbGather(data, decisions);
    this.flush = decisions.get(ClearRefsFlush.class);
    this.deferred = decisions.get(DeferredWrprotect.class);
  }

  @Models(
      file = "fs/proc/task_mmu.c",
      function = "clear_refs_write",
      leavesOut = "other numbers than 4; who asks; the flag of VMAs (VM_SOFTDIRTY), for which older"
          + " releases have mmap_lock for writing first; MMU notifiers")
  void clearRefs(Current me, Mm mm) {
    steps.run(
        "clear_refs_write",
        () -> {
          if (flush.isExclusive()) {
            mm.mmapLock().lock();
            flushed(me, mm.number());
            mm.mmapLock().unlock();
          } else {
            mm.mmapLock().readLock();
            flushed(me, mm.number());
            mm.mmapLock().readUnlock();
          }
        });
  }

  private void flushed(Current me, int mm) {
    if (flush == ClearRefsFlush.PENDING_UNDER_LOCK) {
      gather.incTlbFlushPending(mm);
      walkPageRange(mm);
      data.machine().flush().mm(me.cpu(), mm);
      gather.decTlbFlushPending(mm);
    } else if (deferred.clearRefsGathers()) {
      gathered(me, mm);
    } else {
      walkPageRange(mm);
      data.machine().flush().mm(me.cpu(), mm);
    }
  }

  /// As a gather of the whole address space, into which nothing is gathered.
  private void gathered(Current me, int mm) {
    int pages = data.layout().pages();
    var tlb = gather.tlbGatherMmu(mm);
    walkPageRange(mm);
    boolean flushes = flush == ClearRefsFlush.AT_END;
    gather.tlbFinishMmu(me, flushes ? tlb.withPages(0, pages) : tlb, 0, pages);
  }

  @Models(file = "fs/proc/task_mmu.c", function = "clear_refs_pte_range")
  private void walkPageRange(int mm) {
    steps.run(
        "clear_refs_pte_range",
        () ->
            walk.parts(
                mm,
                0,
                data.layout().pages(),
                (_, _, _) -> {
                  throw steps.fail(new Violation(Machine.LIMIT, "clear_refs() of a huge page"));
                },
                this::clearPart));
  }

  private void clearPart(PageWalk.Part part) {
    if (!walk.lock(part.table(), part.from())) {
      return; // it is taken away: there is nothing in it
    }
    steps.each(part.from(), part.to(), vpn -> clearSoftDirty(part.table().pte(vpn)));
    part.table().ptl().unlock();
  }

  @Models(
      file = "fs/proc/task_mmu.c",
      function = "clear_soft_dirty",
      leavesOut = "the soft-dirty bit, which nobody reads here; that since v5.11 pinned pages are"
          + " spared")
  private void clearSoftDirty(Ptep ptep) {
    steps.forget(
        () -> {
          if (VmPageProt.ptePresent(ptep.get())) {
            ptep.set(ptep.getAndClear().without(Pte.WRITABLE));
          }
        });
  }
}
