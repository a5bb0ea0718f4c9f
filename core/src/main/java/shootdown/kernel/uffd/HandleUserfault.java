package shootdown.kernel.uffd;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Userfaultfd;
import shootdown.kernel.history.Decisions;
import shootdown.sched.Steps;

/// A fault that user code handles.
public final class HandleUserfault {
  private final KernelData data;
  private final Steps steps;
  private final MustWait mustWait;

  public HandleUserfault(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.mustWait = decisions.get(MustWait.class);
  }

  /// Why a fault is handled so: `VM_UFFD_MISSING`, `VM_UFFD_WP`.
  public enum Reason {
    MISSING,
    WP
  }

  /// A fault of user code.
  ///
  /// @param me who faulted
  /// @param mm the address space
  /// @param vpn the page
  /// @param reason what about it
  public record Fault(Current me, int mm, int vpn, Reason reason) {}

  /// Waits until the fault is handled: VM_FAULT_RETRY. Entered with mmap_lock held for reading, or
  /// the VMA's lock alone, and without the page-table lock. Which of the two it is, is released.
  @Models(
      file = "fs/userfaultfd.c",
      function = "handle_userfault",
      leavesOut = "a userfaultfd that is closed; UFFD_FEATURE_SIGBUS; signals; faults of the kernel"
          + " itself, which are a stated limit")
  public void handleUserfault(Fault fault) {
    int tid = fault.me().tid();
    steps.run(
        "handle_userfault",
        () -> {
          var ctx = data.userfaultfd(fault.mm()).orElseThrow();
          ctx.lock().lock();
          ctx.addPending(tid, fault.vpn());
          ctx.lock().unlock();
          boolean waits = mustWait == MustWait.ALWAYS || userfaultfdMustWait(fault);
          release(fault);
          if (waits) {
            ctx.wakeUpPoll();
            ctx.sleep(tid);
          }
          finishWait(ctx, tid);
        });
  }

  /// The lock of the VMA since 29a22b9e08d7 (v6.6-rc1), where the fault came with that.
  private void release(Fault fault) {
    var mm = data.mm(fault.mm());
    var vmaLock = mm.vmaLock(fault.vpn());
    if (vmaLock.isHeld()) {
      vmaLock.readUnlock();
    } else {
      mm.mmapLock().readUnlock();
    }
  }

  /// Whether the entry is still such that the fault has to wait. No lock: it may change any moment,
  /// and whoever changes it wakes after that.
  @Models(
      file = "fs/userfaultfd.c",
      function = "userfaultfd_must_wait",
      leavesOut = "huge pages, markers")
  private boolean userfaultfdMustWait(Fault fault) {
    return steps.recheck(
        "userfaultfd_must_wait",
        () -> {
          var table = data.table(fault.mm(), fault.vpn());
          if (table.isEmpty()) {
            return true;
          }
          var pte = table.get().pte(fault.vpn()).get();
          return pte.none() || fault.reason() == Reason.WP && !pte.writable();
        });
  }

  /// Who woke it took it out of the list, `list_empty_careful()`; else it does so itself.
  private void finishWait(Userfaultfd ctx, int tid) {
    if (!ctx.isWaken(tid)) {
      ctx.lock().lock();
      ctx.remove(tid);
      ctx.lock().unlock();
    }
    ctx.leave(tid);
  }
}
