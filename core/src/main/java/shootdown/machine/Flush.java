package shootdown.machine;

import shootdown.sched.Mutation;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// TLB invalidation: on this CPU, and on every other CPU of `mm_cpumask()`.
///
/// A remote invalidation is a step of its own on each target, in any order of the targets; the call
/// returns when all have done it. By IPI, it waits while its target has interrupts off.
public final class Flush {
  private static final String FLUSH = "flush";
  private static final String WALK_CACHES = "walk_caches";

  private final Machine machine;
  private final Steps steps;

  /// Which levels of the page tables an invalidation concerns.
  public enum Levels {
    /// all: page-table pages may have been taken away, too
    ALL,
    /// PTEs only
    LAST
  }

  Flush(Machine machine) {
    this.machine = machine;
    this.steps = machine.steps();
  }

  /// What an invalidation concerns.
  ///
  /// @param caller the function that asks for it, as sites of mutants are named
  private record Extent(int space, int from, int to, Levels levels, String caller) {}

  /// Invalidates pages `from` … `to`-1 of a space on all CPUs; returns when all have. As
  /// `flush_tlb_range()`, it does not hear which levels are concerned, and takes all: that is one
  /// step of the caller's.
  ///
  /// @param cpu the CPU that asks
  public void range(int cpu, int space, int from, int to) {
    if (!isLeftOut(FLUSH)) {
      shootDown(cpu, new Extent(space, from, to, Levels.ALL, steps.site("")));
    }
  }

  /// As [#range], where the caller has noted whether page-table pages were taken away, which is a
  /// step of its own: mmu_gather's `freed_tables`.
  public void range(int cpu, int space, int from, int to, Levels levels) {
    boolean finds = machine.profile().keepsStale() || levels == Levels.ALL;
    if (finds && !isLeftOut(FLUSH)) {
      shootDown(cpu, new Extent(space, from, to, unmutated(levels), steps.site("")));
    }
  }

  private void shootDown(int cpu, Extent extent) {
    steps.run(
        "flush_tlb_range",
        () -> {
          invalidateLocal(cpu, extent);
          long targets = machine.cpus().othersWith(extent.space(), cpu);
          steps.loop("targets", targets, left -> oneTarget(left, extent));
        });
  }

  /// Invalidates one page on all CPUs: its PTE.
  public void page(int cpu, int space, int vpn) {
    range(cpu, space, vpn, vpn + 1, Levels.LAST);
  }

  /// Invalidates a whole address space on all CPUs: all levels, there is no other way.
  public void mm(int cpu, int space) {
    if (!isLeftOut(FLUSH)) {
      int pages = machine.layout().pages();
      shootDown(cpu, new Extent(space, 0, pages, Levels.ALL, steps.site("")));
    }
  }

  /// Invalidates the PTEs of pages `from` … `to`-1 on this CPU only.
  public void local(int cpu, int space, int from, int to) {
    if (!isLeftOut(FLUSH)) {
      invalidateLocal(cpu, new Extent(space, from, to, Levels.LAST, steps.site("")));
    }
  }

  private boolean isLeftOut(String what) {
    return steps.leavesOut(Mutation.Kind.FLUSH, what);
  }

  /// Only where it can make a difference are the upper levels a thing to leave out.
  private Levels unmutated(Levels levels) {
    boolean keeps = machine.profile().walkCache() == MachineProfile.WalkCache.FREED;
    return keeps && levels == Levels.ALL && isLeftOut(WALK_CACHES) ? Levels.LAST : levels;
  }

  private void invalidateLocal(int cpu, Extent extent) {
    steps.atomic("invalidate local TLB", () -> invalidate(cpu, extent));
  }

  /// Invalidates one page as far as `reach` says.
  public void page(MachineProfile.Reach reach, int cpu, int space, int vpn) {
    switch (reach) {
      case NONE -> {}
      case LOCAL -> local(cpu, space, vpn, vpn + 1);
      case ALL -> page(cpu, space, vpn);
    }
  }

  private Turn<Long, Boolean> oneTarget(long left, Extent extent) {
    if (left == 0) {
      return Turn.done(true);
    }
    int target = pick(left);
    if (machine.profile().shootdown() == MachineProfile.Shootdown.IPI) {
      machine.cpus().watchInterruptible(target);
    }
    steps.atomic(
        "shootdown",
        () -> {
          if (machine.profile().shootdown() == MachineProfile.Shootdown.IPI) {
            machine.cpus().awaitInterruptible(target);
          }
          machine.note(() -> invalidation(target, extent));
          invalidate(target, extent);
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

  private void invalidate(int cpu, Extent extent) {
    int space = extent.space();
    if (machine.storeBuffers().isEnabled(cpu)) {
      machine.storeBuffers().drain(cpu);
      notice(extent, FLUSH, "it drains a store buffer");
    }
    if (machine.tlb().invalidate(cpu, space, extent.from(), extent.to())) {
      notice(extent, FLUSH, "it drops a stale translation");
    }
    if (machine.walkCache().invalidate(
        cpu, space, extent.from(), extent.to(), extent.levels())) {
      notice(extent, FLUSH, "it drops a page table that is gone from a walk cache");
      notice(extent, WALK_CACHES, "it drops a page table that is gone");
    }
  }

  private void notice(Extent extent, String what, String happens) {
    steps.notice(extent.caller() + what, happens);
  }

  private String invalidation(int cpu, Extent extent) {
    var naming = machine.naming();
    int from = extent.from();
    int to = extent.to();
    var pages = naming.page(extent.space(), from)
        + (to - from > 1 ? " .. " + naming.page(extent.space(), to - 1) : "");
    return (machine.profile().shootdown() == MachineProfile.Shootdown.IPI ? "IPI" : "TLBI")
        + " to cpu" + cpu + ": TLB" + cpu + " drops " + pages;
  }
}
