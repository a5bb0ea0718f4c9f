package shootdown.kernel.ksm;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.fault.FaultFlags;
import shootdown.kernel.fault.MmFault;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.vmalock.VmaLocks;
import shootdown.kernel.vmalock.WalkVmaLocks;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// Undoes what KSM has merged: each place gets a copy of its own, as a store would make it.
public final class BreakKsm {
  private final KernelData data;
  private final Steps steps;
  private final MergeablePages pages;
  private final MmFault faults;
  private final VmaLocks locks;
  private final WalkVmaLocks walkLocks;

  public BreakKsm(KernelData data, Decisions decisions, MmFault faults) {
    this.data = data;
    this.steps = data.steps();
    this.pages = new MergeablePages(data, decisions);
    this.faults = faults;
    this.locks = new VmaLocks(data, decisions);
    this.walkLocks = decisions.get(WalkVmaLocks.class);
  }

  /// madvise(MADV_UNMERGEABLE), mremap(): pages `from` … `to`-1 of one VMA. mmap_lock is held for
  /// writing.
  @Models(file = "mm/ksm.c", function = "unmerge_ksm_pages", leavesOut = "signals")
  public void unmergeKsmPages(Current me, Mm mm, int from, int to) {
    steps.run(
        "unmerge_ksm_pages",
        () -> {
          if (walkLocks == WalkVmaLocks.LOCKED) {
            locks.vmaStartWrite(mm, mm.vmaAt(from).orElseThrow().vma());
          }
          steps.each(from, to, vpn -> breakKsm(me, mm, vpn));
        });
  }

  /// Goes on until what is mapped there is no KSM page, whoever has seen to that.
  @Models(
      file = "mm/ksm.c",
      function = "break_ksm",
      leavesOut = "that the copy stays read-only until it is stored to, since v6.2; errors")
  private void breakKsm(Current me, Mm mm, int vpn) {
    steps.run("break_ksm", () -> steps.retry("again", () -> breakOnce(me, mm, vpn)));
  }

  private Turn<Boolean, Boolean> breakOnce(Current me, Mm mm, int vpn) {
    var page = pages.followPage(mm, vpn);
    if (page.isEmpty()) {
      return Turn.done(true);
    }
    boolean merged = page.get().isKsm();
    if (merged) {
      faults.handleMmFault(me, mm, mm.vmaAt(vpn).orElseThrow(), vpn, FaultFlags.WRITE);
    }
    data.folios().put(page.get());
    return merged ? Turn.again(true) : Turn.done(true);
  }

  /// As [#unmergeKsmPages] for one page that ksmd has made a KSM page, and could not merge.
  @Models(file = "mm/ksm.c", function = "break_cow")
  void breakCow(Current me, Mm mm, int vpn) {
    steps.run(
        "break_cow",
        () -> {
          mm.mmapLock().readLock();
          if (MergeablePages.findMergeableVma(mm, vpn).isPresent()) {
            breakKsm(me, mm, vpn);
          }
          mm.mmapLock().readUnlock();
        });
  }
}
