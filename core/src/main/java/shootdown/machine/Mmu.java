package shootdown.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import shootdown.machine.Access.Kind;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Word;

/// The memory-management unit: what the hardware does with one access to a virtual address.
///
/// ```text
/// translation          | load        | store
/// ---------------------+-------------+----------------------------------------------------
/// stale, writable dirty| use it      | use it
/// stale, writable clean| use it      | walk: the dirty bit must be set in the live PTE
/// stale, read-only     | use it      | protection fault (some CPUs drop what they hold)
/// live, not valid      | page fault  | page fault
/// live, read-only      | use it      | protection fault
/// live, bits to be set | set them in the live PTE, atomically; then begin again
/// live, else           | use it      | use it
/// ```
///
/// A walk that begins at a stale PMD entry, which the CPU kept, goes as one that begins at the live
/// one, through another page-table page.
///
/// Where several translations may be used the hardware chooses, and the checker follows each.
public final class Mmu {
  private final Machine machine;
  private final MachineProfile profile;
  private final Steps steps;

  Mmu(Machine machine) {
    this.machine = machine;
    this.profile = machine.profile();
    this.steps = machine.steps();
  }

  /// One load.
  public AccessResult load(Access access) {
    return access(access, LongUnaryOperator.identity());
  }

  /// One store; [AccessResult.Done#value] is 0.
  public AccessResult store(Access access, long value) {
    return access(access, _ -> value);
  }

  /// One atomic read-modify-write; tells what the word held before.
  public AccessResult update(Access access, LongUnaryOperator newValue) {
    return access(access, newValue);
  }

  private AccessResult access(Access access, LongUnaryOperator newValue) {
    return steps.retry(
        "access", () -> steps.atomically("access", () -> attempt(access, newValue)));
  }

  private Turn<Boolean, AccessResult> attempt(Access access, LongUnaryOperator newValue) {
    if (access.kind() == Kind.UPDATE) {
      machine.storeBuffers().drain(access.cpu());
    }
    var ways = translations(access);
    var way = ways.get(steps.chooseByHabit(question(access), ways.size()));
    return switch (way) {
      case Way.Live _ -> throughLive(access, newValue);
      case Way.Walk(int table) -> throughTable(access, newValue, table, true);
      case Way.Entry(var entry) -> throughStale(access, entry, newValue);
    };
  }

  /// Whether this CPU holds something stale of the page. For ever, it does or does not: no TLB
  /// evicts an entry, walks, and has the old entry again, over and over. Loads and stores may have
  /// TLBs of their own.
  private int question(Access access) {
    int page = machine.layout().slot(access.cpu(), access.space(), access.vpn());
    return 2 * page + (access.kind().writes() ? 1 : 0);
  }

  /// What an access may go through.
  private sealed interface Way {
    /// the page tables
    record Live() implements Way {}

    /// a page-table page, found through a PMD entry that is no more
    record Walk(int table) implements Way {}

    /// what a TLB may hold
    record Entry(Pte entry) implements Way {}
  }

  private List<Way> translations(Access access) {
    var stale =
        steps.scope(
            () -> List.copyOf(machine.tlb().stale(access.cpu(), access.space(), access.vpn())));
    var ways = new ArrayList<Way>();
    ways.add(new Way.Live());
    staleTables(access).forEach(table -> ways.add(new Way.Walk(table)));
    for (var entry : stale) {
      boolean walks = access.kind().writes() && entry.writable() && !entry.dirty();
      if (!walks) {
        ways.add(new Way.Entry(entry));
      }
    }
    return ways;
  }

  private List<Integer> staleTables(Access access) {
    return steps.scope(
        () -> {
          long stale = machine.walkCache().stale(access.cpu(), access.space(), access.vpn());
          if (stale == 0) {
            return List.<Integer>of();
          }
          var live = machine.tables().table(access.space(), access.vpn());
          return IntStream.range(0, machine.tables().tables())
              .filter(table -> (stale >>> table & 1) != 0)
              .filter(table -> live.isEmpty() || live.getAsInt() != table)
              .boxed()
              .toList();
        });
  }

  private Turn<Boolean, AccessResult> throughStale(
      Access access, Pte entry, LongUnaryOperator newValue) {
    if (!access.kind().writes() || entry.writable()) {
      machine.note(() -> "through stale " + tlb(access, entry));
      return Turn.done(reach(access, entry.pfn(), newValue, true));
    }
    dropOnFault(access);
    machine.note(() -> "page fault: stale " + tlb(access, entry) + " is read-only");
    return Turn.done(new AccessResult.PageFault(true, true));
  }

  private Turn<Boolean, AccessResult> throughLive(Access access, LongUnaryOperator newValue) {
    var pmd = machine.tables().pmd(access.space(), access.vpn());
    var entry = new Pmd(pmd.read());
    if (entry.isNone() || entry.isSwap()) {
      return fault(access, Pte.NONE);
    }
    if (entry.isHuge()) {
      int index = access.vpn() - machine.layout().pmdStart(access.vpn());
      return throughEntry(access, newValue, new Leaf(pmd, entry.pte(), index, false));
    }
    return throughTable(access, newValue, entry.table(), false);
  }

  private Turn<Boolean, AccessResult> throughTable(
      Access access, LongUnaryOperator newValue, int table, boolean stale) {
    machine.witness().walked(access.space(), access.vpn(), table);
    if (stale) {
      machine.note(
          () -> "walks through table" + table + ": cpu" + access.cpu() + " kept the PMD entry");
    }
    var word = machine.tables().pte(table, access.vpn());
    return throughEntry(access, newValue, new Leaf(word, new Pte(word.read()), 0, stale));
  }

  /// Where a walk ends.
  ///
  /// @param word the PTE, or the PMD entry of a huge page
  /// @param pte what it says
  /// @param index which page of a huge page is accessed
  /// @param stale the walk began at a PMD entry that is no more
  private record Leaf(Word word, Pte pte, int index, boolean stale) {}

  private Turn<Boolean, AccessResult> throughEntry(
      Access access, LongUnaryOperator newValue, Leaf leaf) {
    boolean writes = access.kind().writes();
    var pte = leaf.pte();
    if (!profile.valid(pte) || writes && !profile.writable(pte)) {
      return fault(access, pte);
    }
    var wanted = pte.with(Pte.YOUNG | (writes ? Pte.DIRTY : 0));
    if (!pte.equals(wanted)) {
      leaf.word().set(wanted.bits() & ~pte.bits());
      machine.note(
          () -> "hardware sets " + name(access) + ": " + pte + " -> " + wanted);
      return Turn.again(true);
    }
    return Turn.done(reach(access, pte.pfn() + leaf.index(), newValue, leaf.stale()));
  }

  /// Where a fault drops what the TLB holds of its address, it drops every entry of the page, and
  /// the PMD entry that it walked through.
  private void dropOnFault(Access access) {
    if (profile.faultDropsEntry()) {
      machine.tlb().invalidate(access.cpu(), access.space(), access.vpn(), access.vpn() + 1);
      machine.walkCache().drop(access.cpu(), access.space(), access.vpn());
    }
  }

  private Turn<Boolean, AccessResult> fault(Access access, Pte pte) {
    dropOnFault(access);
    machine.note(() -> "page fault: " + name(access) + " = " + pte);
    return Turn.done(new AccessResult.PageFault(access.kind().writes(), profile.valid(pte)));
  }

  /// The access itself.
  private AccessResult reach(Access access, int pfn, LongUnaryOperator newValue, boolean stale) {
    var buffers = machine.storeBuffers();
    if (access.kind() == Kind.LOAD && buffers.holds(access.cpu(), pfn, access.word())) {
      return new AccessResult.Done(buffers.forward(access.cpu(), pfn, access.word()));
    }
    if (access.kind() == Kind.STORE && buffers.isEnabled(access.cpu())) {
      buffers.put(access, pfn, newValue.applyAsLong(0));
      return new AccessResult.Done(0);
    }
    var word = machine.memory().at(pfn, access.word());
    long before = word.read();
    long after = newValue.applyAsLong(before);
    if (access.kind().writes()) {
      word.write(after);
    }
    machine.witness().accessed(access, pfn, before, after, stale);
    machine.note(() -> accessText(access, pfn, before, after));
    return new AccessResult.Done(access.kind() == Kind.STORE ? 0 : before);
  }

  private static String accessText(Access access, int pfn, long before, long after) {
    return access.kind() == Kind.LOAD
        ? "reads F" + pfn + ": " + before
        : "writes F" + pfn + ": " + after;
  }

  private String name(Access access) {
    return "PTE[" + machine.naming().page(access.space(), access.vpn()) + "]";
  }

  private String tlb(Access access, Pte entry) {
    return "TLB" + access.cpu() + "{" + machine.naming().page(access.space(), access.vpn()) + "->F"
        + entry.pfn() + (entry.writable() ? entry.dirty() ? " W D" : " W d" : " w") + "}";
  }
}
