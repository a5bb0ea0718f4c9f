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

  public ClearFlush(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.inaccessible = decisions.get(InaccessibleFlush.class);
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
      leavesOut = "other ports, which always flush: arm64's and riscv's rules spare no entry that"
          + " x86's does not")
  public boolean pteAccessible(int mm, Pte pte) {
    if (pte.present() || !data.machine().profile().name().startsWith("x86")) {
      return true;
    }
    return inaccessible.pending() != InaccessibleFlush.Pending.UNKNOWN
        && !steps.recheck(
            "mm_tlb_flush_pending", () -> data.mm(mm).tlbFlushPending().is(0));
  }
}
