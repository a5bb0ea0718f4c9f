package shootdown.kernel.mmap;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.ksm.DeferredWrprotect;
import shootdown.kernel.pgtable.HugePmds;
import shootdown.kernel.pgtable.InvalidatePmd;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.TlbGather;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.vmalock.VmaLocks;
import shootdown.kernel.vmalock.WalkVmaLocks;
import shootdown.machine.Pmdp;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// What a write of 4 to `/proc/PID/clear_refs` does: every entry becomes read-only, so that the
/// next store faults and is known to have come since (soft-dirty).
final class ClearRefs {
  private final KernelData data;
  private final Steps steps;
  private final PageWalk walk;
  private final TlbGather gather;
  private final ClearRefsFlush flush;
  private final DeferredWrprotect deferred;
  private final VmaLocks locks;
  private final WalkVmaLocks walkLocks;
  private final HugePmds huge;
  private final InvalidatePmd invalidate;
  private final ClearSoftDirty softDirty;
  private final ClearSoftDirtyPmd softDirtyPmd;

  ClearRefs(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new PageWalk(data, decisions);
    this.gather = new TlbGather(data, decisions);
    this.flush = decisions.get(ClearRefsFlush.class);
    this.deferred = decisions.get(DeferredWrprotect.class);
    this.locks = new VmaLocks(data, decisions);
    this.walkLocks = decisions.get(WalkVmaLocks.class);
    this.huge = new HugePmds(data);
    this.invalidate = new InvalidatePmd(data, decisions);
    this.softDirty = decisions.get(ClearSoftDirty.class);
    this.softDirtyPmd = decisions.get(ClearSoftDirtyPmd.class);
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
            locks.mmapWriteUnlock(mm);
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
      walkPageRange(me, mm);
      data.machine().flush().mm(me.cpu(), mm);
      gather.decTlbFlushPending(mm);
    } else if (deferred.clearRefsGathers()) {
      gathered(me, mm);
    } else {
      walkPageRange(me, mm);
      data.machine().flush().mm(me.cpu(), mm);
    }
  }

  /// As a gather of the whole address space, into which nothing is gathered.
  private void gathered(Current me, int mm) {
    int pages = data.layout().pages();
    var tlb = gather.tlbGatherMmu(mm);
    walkPageRange(me, mm);
    boolean flushes = flush == ClearRefsFlush.AT_END;
    gather.tlbFinishMmu(me, flushes ? tlb.withPages(0, pages) : tlb, 0, pages);
  }

  /// VMA for VMA, as walk_page_range() does.
  @Models(file = "fs/proc/task_mmu.c", function = "clear_refs_pte_range")
  private void walkPageRange(Current me, int number) {
    var mm = data.mm(number);
    int end = data.layout().pages();
    steps.run(
        "clear_refs_pte_range",
        () ->
            steps.loop(
                "vmas",
                0,
                at -> {
                  var next = steps.scope(() -> mm.firstOverlap(at, end).map(ClearRefs::pages));
                  if (next.isEmpty()) {
                    return Turn.done(true);
                  }
                  walkVma(me, mm, next.get());
                  return Turn.again(next.get().to());
                }));
  }

  private static Pages pages(VmaSlot found) {
    return new Pages(found.vma().start(), found.vma().end());
  }

  private void walkVma(Current me, Mm mm, Pages vma) {
    if (flush.isExclusive() && walkLocks == WalkVmaLocks.LOCKED) {
      locks.startWrite(mm, vma.from(), vma.to());
    }
    walk.parts(
        mm.number(),
        vma.from(),
        vma.to(),
        (from, _, _) -> clearHuge(me, mm.number(), from),
        this::clearPart);
  }

  /// Empty if the entry is to be looked at again.
  private Optional<Boolean> clearHuge(Current me, int mm, int from) {
    return steps.call(
        "clear_soft_dirty_pmd",
        () ->
            huge.ifTransHugeOrSwap(
                mm,
                from,
                Optional.<Boolean>empty(),
                () -> {
                  clearSoftDirtyPmd(me, mm, data.pmdp(mm, from));
                  return Optional.of(true);
                }));
  }

  /// A migration entry has nothing but its mark.
  @Models(
      file = "fs/proc/task_mmu.c",
      function = "clear_soft_dirty_pmd",
      leavesOut = "the soft-dirty bit, which nobody reads here")
  private void clearSoftDirtyPmd(Current me, int mm, Pmdp pmdp) {
    var seen = pmdp.get();
    if (seen.isSwap()) {
      return;
    }
    if (softDirtyPmd == ClearSoftDirtyPmd.CLEARED) {
      pmdp.set(pmdp.hugeGetAndClear().without(Pte.WRITABLE));
      return;
    }
    var old = invalidate.pmdpInvalidate(me, mm, pmdp).pte();
    long used = (old.dirty() ? Pte.DIRTY : 0) | (old.young() ? Pte.YOUNG : 0);
    pmdp.set(seen.pte().with(used).without(Pte.WRITABLE));
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
          var seen = ptep.get();
          if (VmPageProt.ptePresent(seen)) {
            var old = softDirty == ClearSoftDirty.OVERWRITTEN ? seen : ptep.getAndClear();
            ptep.set(old.without(Pte.WRITABLE));
          }
        });
  }
}
