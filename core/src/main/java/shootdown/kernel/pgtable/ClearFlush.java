package shootdown.kernel.pgtable;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;

/// Clearing a PTE and flushing it; the page-table lock is held.
public final class ClearFlush {
  private final KernelData data;
  private final Steps steps;
  private final InaccessibleFlush inaccessible;
  private final AgingFlush aging;
  private final OldFlush oldFlush;

  public ClearFlush(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.inaccessible = decisions.get(InaccessibleFlush.class);
    this.aging = decisions.get(AgingFlush.class);
    this.oldFlush = decisions.get(OldFlush.class);
  }

  /// Takes a present PTE away and flushes it from all TLBs that may hold it.
  @Models(file = "mm/pgtable-generic.c", function = "ptep_clear_flush")
  public Pte ptepClearFlush(Current me, int mm, Ptep ptep) {
    var pte = ptep.getAndClear();
    if (pteAccessible(mm, pte)) {
      data.machine().flush().page(me.cpu(), mm, ptep.vpn());
    }
    return pte;
  }

  /// Whether a TLB may hold an entry that was there a moment ago.
  @Models(
      file = "arch/x86/include/asm/pgtable.h",
      function = "pte_accessible",
      leavesOut = "other ports, which always flush, but for arm64 for a while; riscv's rule spares"
          + " no entry that x86's does not")
  @Models(file = "arch/arm64/include/asm/pgtable.h", function = "pte_accessible")
  public boolean pteAccessible(int mm, Pte pte) {
    if (isSparedAsOld(mm, pte)) {
      return false;
    }
    if (pte.present() || !data.machine().profile().port().equals("x86")) {
      return true;
    }
    return inaccessible.pending() != InaccessibleFlush.Pending.UNKNOWN
        && !steps.recheck(
            "mm_tlb_flush_pending", () -> data.mm(mm).tlbFlushPending().is(0));
  }

  /// Where a flush is pending, arm64 has spared no present entry since 20841405940e.
  private boolean isSparedAsOld(int mm, Pte pte) {
    return aging == AgingFlush.DOES_NOT_WAIT
        && oldFlush == OldFlush.SPARED
        && AgingFlush.isArm64(data.machine().profile())
        && !pte.young()
        && steps.scope(() -> data.mm(mm).tlbFlushPending().is(0));
  }
}
