package shootdown.machine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Violation;
import shootdown.sched.Words;

/// What the TLBs may hold: for each CPU, address space and page or huge page, the set of
/// translations that were in the page tables once, may still be cached, and are in the page tables
/// no longer.
///
/// A TLB entry may be filled at any moment while its PTE is valid, and evicted at any moment. So
/// the CPU holds a stale translation exactly if the hardware chose to, and nobody can tell before
/// an access uses it: the choice is made there ([Mmu]), among the members of this set and the live
/// PTE. Changing a PTE adds its old value for every CPU on which the address space may be loaded;
/// invalidation takes members out. This covers every order of fills and evictions without a state
/// for each.
///
/// A huge page has one set for all of its pages: a flush of any of them drops it whole, as INVLPG
/// and TLBI do.
///
/// A member is normalised to what the hardware caches: frame, writable, dirty.
public final class Tlb {
  /// Stale translations of one page on one CPU; more are a stated limit of the model.
  static final int WAYS = 6;

  private static final long CACHED = Pte.PRESENT | Pte.WRITABLE | Pte.DIRTY;

  private final Layout layout;
  private final MachineProfile profile;
  private final Steps steps;
  private final Words ways;
  private final Words hugeWays;

  Tlb(Program program, Layout layout, MachineProfile profile) {
    this.layout = layout;
    this.profile = profile;
    this.steps = program.steps();
    this.ways =
        program.words(
            i -> "TLB" + i / WAYS / layout.pages() / layout.spaces() + "#" + i % WAYS,
            layout.cpus() * layout.spaces() * layout.pages() * WAYS,
            0,
            v -> new Pte(v).toString(),
            false);
    this.hugeWays =
        program.words(
            i -> "huge TLB" + i / WAYS / layout.pmds() / layout.spaces() + "#" + i % WAYS,
            layout.hasHugePages() ? layout.cpus() * layout.spaces() * layout.pmds() * WAYS : 0,
            0,
            v -> new Pte(v).toString(),
            false);
  }

  /// The stale translations of a page that this CPU may hold, those of huge pages included; empty
  /// if there is none. To be called inside of an atomic step.
  List<Pte> stale(int cpu, int space, int vpn) {
    var found = members(ways, base(cpu, space, vpn));
    if (layout.hasHugePages()) {
      int index = vpn - layout.pmdStart(vpn);
      for (var huge : members(hugeWays, hugeBase(cpu, space, vpn))) {
        var entry = new Pte(huge.bits() + ((long) index << Pte.PFN_SHIFT));
        if (!found.contains(entry)) {
          found.add(entry);
        }
      }
    }
    return found;
  }

  private static List<Pte> members(Words set, int base) {
    var found = new ArrayList<Pte>();
    for (int way = 0; way < WAYS; way++) {
      long entry = set.at(base + way).read();
      if (entry == 0) {
        break;
      }
      found.add(new Pte(entry));
    }
    return found;
  }

  /// The PTE of a page was changed: the CPU may hold the old one.
  void remember(int cpu, int space, int vpn, Pte old, Pte now) {
    remember(ways, base(cpu, space, vpn), old, now);
  }

  /// The PMD entry of a huge page was changed: the CPU may hold the old one, for all of its pages.
  void rememberHuge(int cpu, int space, int vpn, Pte old, Pte now) {
    remember(hugeWays, hugeBase(cpu, space, vpn), old, now);
  }

  private void remember(Words set, int base, Pte old, Pte now) {
    if (!profile.valid(old) || sameFor(old, now)) {
      return;
    }
    var entry = cached(old);
    var all = members(set, base);
    if (all.contains(entry)) {
      return;
    }
    if (all.size() == WAYS) {
      throw steps.fail(
          new Violation(Machine.LIMIT, "more than " + WAYS + " stale translations of one page"));
    }
    all.add(entry);
    all.sort(Comparator.comparingLong(Pte::bits)); // equal sets are equal states
    for (int way = all.indexOf(entry); way < all.size(); way++) {
      set.at(base + way).write(all.get(way).bits());
    }
  }

  /// Drops every stale translation of pages `from` … `to`-1 on this CPU, and of every huge page
  /// that any of them is in; tells whether there was one. Inside of an atomic step.
  boolean invalidate(int cpu, int space, int from, int to) {
    return steps.scope(
        () -> {
          boolean any = false;
          for (int vpn = from; vpn < to; vpn++) {
            any |= clear(ways, base(cpu, space, vpn));
          }
          if (layout.hasHugePages()) {
            for (int at = layout.pmdStart(from); at < to; at += layout.ptrsPerPte()) {
              any |= clear(hugeWays, hugeBase(cpu, space, at));
            }
          }
          return any;
        });
  }

  private static boolean clear(Words set, int base) {
    int way = 0;
    while (way < WAYS && !set.at(base + way).is(0)) {
      set.at(base + way).write(0);
      way++;
    }
    return way > 0;
  }

  /// What the hardware caches of a PTE.
  Pte cached(Pte pte) {
    long bits = pte.bits() & (CACHED | -1L << Pte.PFN_SHIFT);
    if (!profile.hardwareDirty() && !profile.writable(pte)) {
      bits &= ~(Pte.WRITABLE | Pte.DIRTY);
    }
    return (bits & Pte.WRITABLE) == 0 ? new Pte(bits & ~Pte.DIRTY) : new Pte(bits);
  }

  /// Whether a CPU that holds `old` does the same as one that walks to `now`.
  private boolean sameFor(Pte old, Pte now) {
    if (!profile.valid(now)) {
      return false;
    }
    var was = cached(old);
    var is = cached(now);
    // a clean writable entry makes the hardware walk, so it hides nothing
    return was.equals(is) || was.with(Pte.DIRTY).equals(is) && was.writable();
  }

  private int base(int cpu, int space, int vpn) {
    return layout.slot(cpu, space, vpn) * WAYS;
  }

  private int hugeBase(int cpu, int space, int vpn) {
    return layout.pmdSlot(cpu, space, vpn) * WAYS;
  }
}
