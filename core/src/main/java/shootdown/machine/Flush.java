package shootdown.machine;

import shootdown.sched.Mutation;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// TLB invalidation: on this CPU, and on every other CPU of `mm_cpumask()`.
///
/// A remote invalidation is a step of its own on each target, in any order of the targets; the call
/// returns when all have done it. By IPI, it waits while its target has interrupts off.
public final class Flush {
  private final Machine machine;
  private final Steps steps;

  Flush(Machine machine) {
    this.machine = machine;
    this.steps = machine.steps();
  }

  /// Invalidates pages `from` … `to`-1 of a space on all CPUs; returns when all have.
  ///
  /// @param cpu the CPU that asks
  public void range(int cpu, int space, int from, int to) {
    if (isLeftOut()) {
      return;
    }
    steps.run(
        "flush_tlb_range",
        () -> {
          invalidateLocal(cpu, space, from, to);
          long targets = machine.cpus().othersWith(space, cpu);
          steps.loop("targets", targets, left -> oneTarget(left, space, from, to));
        });
  }

  /// Invalidates one page on all CPUs.
  public void page(int cpu, int space, int vpn) {
    range(cpu, space, vpn, vpn + 1);
  }

  /// Invalidates a whole address space on all CPUs.
  public void mm(int cpu, int space) {
    range(cpu, space, 0, machine.layout().pages());
  }

  /// Invalidates pages `from` … `to`-1 on this CPU only.
  public void local(int cpu, int space, int from, int to) {
    if (!isLeftOut()) {
      invalidateLocal(cpu, space, from, to);
    }
  }

  private boolean isLeftOut() {
    return steps.leavesOut(Mutation.Kind.FLUSH, "flush");
  }

  private void invalidateLocal(int cpu, int space, int from, int to) {
    steps.atomic("invalidate local TLB", () -> invalidate(cpu, space, from, to));
  }

  /// Invalidates one page as far as `reach` says.
  public void page(MachineProfile.Reach reach, int cpu, int space, int vpn) {
    switch (reach) {
      case NONE -> {}
      case LOCAL -> local(cpu, space, vpn, vpn + 1);
      case ALL -> page(cpu, space, vpn);
    }
  }

  private Turn<Long, Boolean> oneTarget(long left, int space, int from, int to) {
    if (left == 0) {
      return Turn.done(true);
    }
    int target = pick(left);
    steps.atomic(
        "shootdown",
        () -> {
          if (machine.profile().shootdown() == MachineProfile.Shootdown.IPI) {
            machine.cpus().awaitInterruptible(target);
          }
          machine.note(() -> invalidation(target, space, from, to));
          invalidate(target, space, from, to);
        });
    return Turn.again(left & ~(1L << target));
  }

  private int pick(long targets) {
    int which = steps.choose(Long.bitCount(targets));
    for (int i = 0; i < which; i++) {
      targets &= targets - 1;
    }
    return Long.numberOfTrailingZeros(targets);
  }

  private void invalidate(int cpu, int space, int from, int to) {
    machine.storeBuffers().drain(cpu);
    machine.tlb().invalidate(cpu, space, from, to);
  }

  private String invalidation(int cpu, int space, int from, int to) {
    var naming = machine.naming();
    var pages = naming.page(space, from)
        + (to - from > 1 ? " .. " + naming.page(space, to - 1) : "");
    return (machine.profile().shootdown() == MachineProfile.Shootdown.IPI ? "IPI" : "TLBI")
        + " to cpu" + cpu + ": TLB" + cpu + " drops " + pages;
  }
}
