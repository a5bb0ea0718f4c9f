package shootdown.kernel.pgtable;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Pmd;
import shootdown.machine.Pmdp;
import shootdown.machine.Pte;
import shootdown.sched.Steps;

/// Makes a huge PMD entry invalid, so that no CPU uses it while it is replaced. The PMD lock is
/// held.
public final class InvalidatePmd {
  private final Steps steps;
  private final HugePmds huge;
  private final PmdpInvalidate decision;

  public InvalidatePmd(KernelData data, Decisions decisions) {
    this.steps = data.steps();
    this.huge = new HugePmds(data);
    this.decision = decisions.get(PmdpInvalidate.class);
  }

  /// Whether a split begins with it.
  boolean isFirst() {
    return decision == PmdpInvalidate.EXCHANGED;
  }

  /// Makes the entry invalid and flushes it; tells the old one.
  @Models(file = "mm/pgtable-generic.c", function = "pmdp_invalidate")
  public Pmd pmdpInvalidate(Current me, int mm, Pmdp pmdp) {
    return steps.call(
        "pmdp_invalidate",
        () -> {
          var seen = pmdp.get();
          var invalid = seen.pte().without(Pte.PRESENT);
          Pmd old = seen;
          if (decision == PmdpInvalidate.EXCHANGED) {
            old = Pmd.huge(pmdp.establish(invalid));
          } else {
            pmdp.set(invalid);
          }
          huge.flush(me.cpu(), mm, pmdp);
          return old;
        });
  }
}
