package shootdown.machine;

import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// What the page-walk caches may hold: for each CPU, address space and PMD entry, the set of
/// page-table pages that the entry pointed to once, may still be found through a cached copy of it,
/// and that it points to no longer.
///
/// This is [Tlb] one level up, and covers every order of fills and evictions for the same reason.
/// What a walk that begins at such a copy finds is what stands in the page-table page by then.
final class WalkCache {
  private final Layout layout;
  private final MachineProfile profile;
  private final Steps steps;
  private final Words stale;

  WalkCache(Program program, Layout layout, MachineProfile profile) {
    this.layout = layout;
    this.profile = profile;
    this.steps = program.steps();
    this.stale =
        program.words(
            i -> "walk cache" + i / layout.pmds() / layout.spaces(),
            layout.cpus() * layout.spaces() * layout.pmds(),
            0,
            Long::toBinaryString,
            false);
  }

  /// The PMD entry of a page pointed to `table` and does no longer: the CPU may hold it.
  void remember(int cpu, int space, int vpn, int table) {
    if (profile.walkCache() != MachineProfile.WalkCache.NONE) {
      at(cpu, space, vpn).set(1L << table);
    }
  }

  /// The page-table pages, as a bit mask, that this CPU may find through a stale PMD entry of a
  /// page. To be called inside of an atomic step.
  long stale(int cpu, int space, int vpn) {
    return profile.walkCache() == MachineProfile.WalkCache.NONE
        ? 0
        : at(cpu, space, vpn).read();
  }

  /// Whether this CPU may find `table` through a stale PMD entry of a page.
  boolean holds(int cpu, int space, int vpn, int table) {
    return profile.walkCache() != MachineProfile.WalkCache.NONE
        && at(cpu, space, vpn).test(1L << table);
  }

  /// Drops what this CPU holds of the PMD entry of one page; tells whether it held anything.
  boolean drop(int cpu, int space, int vpn) {
    var word = at(cpu, space, vpn);
    boolean any = !word.is(0);
    if (any) {
      word.write(0);
    }
    return any;
  }

  /// An invalidation of pages `from` … `to`-1 reached the CPU; tells whether it dropped anything.
  boolean invalidate(int cpu, int space, int from, int to, Flush.Levels levels) {
    return switch (profile.walkCache()) {
      case NONE -> false;
      case ANY -> dropAll(cpu, space, 0, layout.pages());
      case PAGE -> dropAll(cpu, space, from, to);
      case FREED -> levels == Flush.Levels.ALL && dropAll(cpu, space, from, to);
    };
  }

  private boolean dropAll(int cpu, int space, int from, int to) {
    int size = layout.ptrsPerPte();
    return steps.scope(
        () -> {
          boolean any = false;
          for (int pmd = from / size; pmd <= (to - 1) / size; pmd++) {
            any |= drop(cpu, space, pmd * size);
          }
          return any;
        });
  }

  private Word at(int cpu, int space, int vpn) {
    return stale.at(layout.pmdSlot(cpu, space, vpn));
  }
}
