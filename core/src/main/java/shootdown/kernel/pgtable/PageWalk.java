package shootdown.kernel.pgtable;

import java.util.Optional;
import java.util.function.Consumer;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Pte;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// Going through page tables.
public final class PageWalk {
  private final KernelData data;
  private final boolean looksAgain;
  private final PmdBad pmdBad;
  private final PmdBad.Walker walker;

  public PageWalk(KernelData data, Decisions decisions) {
    this(data, decisions, PmdBad.Walker.OTHER);
  }

  /// @param walker who walks: one that comes with mmap_lock held for reading may have looked at
  ///     entries carelessly
  public PageWalk(KernelData data, Decisions decisions, PmdBad.Walker walker) {
    this.pmdBad = decisions.get(PmdBad.class);
    this.walker = walker;
    this.data = data;
    var layout = data.layout();
    this.looksAgain =
        layout.hasHugePages() && decisions.get(RetractLocks.class).lookAgain()
            || layout.pages() >= layout.ptrsPerPte()
                && decisions.get(PtReclaim.class).on(data.machine().profile());
  }

  /// A stretch of pages that one page-table page maps.
  ///
  /// @param table the page-table page
  /// @param from first page
  /// @param to page after the last
  public record Part(Table table, int from, int to) {}

  /// How far a walk has come.
  ///
  /// @param vpn the page from which on it goes on
  /// @param live its live value
  public record Reached<S>(int vpn, S live) {}

  /// The page-table page that maps `vpn`, its lock taken; empty if there is none.
  @Models(
      file = "mm/pgtable-generic.c",
      function = "pte_offset_map_lock",
      leavesOut = "that RCU keeps the page until its lock is held and the PMD was looked at again")
  public Optional<Table> pteOffsetMapLock(int mm, int vpn) {
    if (looksAgain) {
      return data.steps().retry("again", () -> lockFound(mm, vpn));
    }
    var table = data.table(mm, vpn);
    table.ifPresent(found -> found.lock(vpn));
    return table;
  }

  private Turn<Boolean, Optional<Table>> lockFound(int mm, int vpn) {
    var table = data.table(mm, vpn);
    return table.isEmpty() || lock(table.get(), vpn) ? Turn.done(table) : Turn.again(true);
  }

  /// Takes the lock of the page-table page that mapped `vpn` a moment ago; tells whether it still
  /// does. If not, as a huge page of a file takes its place, or it was emptied, it is not locked.
  @Models(file = "mm/pgtable-generic.c", function = "pte_offset_map_lock")
  public boolean lock(Table table, int vpn) {
    if (!looksAgain) {
      table.lock(vpn);
      return true;
    }
    table.ptl().lock();
    boolean same = isStill(table, vpn);
    if (same) {
      data.machine().walked(table.mm(), vpn, table.number());
    } else {
      table.ptl().unlock();
    }
    return same;
  }

  /// As [#lock], for callers that hold mmap_lock. Before page-table pages went without it, it
  /// needed no look at all: the page is there.
  public boolean lockUnderMmapLock(Table table, int vpn) {
    if (looksAgain) {
      return lock(table, vpn);
    }
    table.ptl().lock();
    return true;
  }

  /// As [#pteOffsetMapLock], likewise.
  public Optional<Table> pteOffsetMapLockUnderMmapLock(int mm, int vpn) {
    if (looksAgain) {
      return pteOffsetMapLock(mm, vpn);
    }
    var table = data.table(mm, vpn);
    table.ifPresent(found -> found.ptl().lock());
    return table;
  }

  /// `pmd_same()`: whether the page-table page maps `vpn` still.
  public boolean isStill(Table table, int vpn) {
    var pmd = data.machine().tables().pmd(table.mm(), vpn);
    return data.steps().recheck("pmd_same", () -> pmd.is(table.number() + 1L));
  }

  /// As [#lockUnderMmapLock], where the entry of `vpn` has to be `orig` still, too.
  public boolean lockIfSame(Table table, int vpn, Pte orig) {
    return lockUnderMmapLock(table, vpn) && keepIfSame(table, vpn, orig);
  }

  /// The page-table page that maps `vpn`, its lock taken, if the entry of `vpn` is `orig` still.
  /// The caller holds mmap_lock.
  public Optional<Table> lockIfSame(int mm, int vpn, Pte orig) {
    return pteOffsetMapLockUnderMmapLock(mm, vpn).filter(table -> keepIfSame(table, vpn, orig));
  }

  private static boolean keepIfSame(Table table, int vpn, Pte orig) {
    boolean same = table.pte(vpn).is(orig);
    if (!same) {
      table.ptl().unlock();
    }
    return same;
  }

  /// For each part of pages `from` … `to`-1 that has a page-table page, in order of addresses: a
  /// loop whose live value `each` changes.
  public <S> S parts(int mm, int from, int to, S start, PartBody<S> each) {
    return parts(mm, from, to, start, (_, _, _) -> Optional.empty(), each);
  }

  /// As [#parts], where PMD entries may map huge pages, or stand for such as migrate: `huge`
  /// handles those.
  public <S> S parts(
      int mm, int from, int to, S start, HugeBody<S> huge, PartBody<S> each) {
    return walk(
        mm,
        from,
        to,
        start,
        huge,
        (part, live) ->
            each.apply(part, live)
                .map(now -> new Reached<>(part.to(), now))
                .orElse(new Reached<>(part.from(), live)));
  }

  /// As [#parts], where a part may be left in its midst.
  <S> S walk(int mm, int from, int to, S start, HugeBody<S> huge, LeavableBody<S> each) {
    return data.steps()
        .loop(
            "page tables",
            new Reached<>(from, start),
            at -> {
              if (at.vpn() >= to) {
                return Turn.done(at.live());
              }
              int next = Math.min(to, data.layout().pmdEnd(at.vpn()));
              return switch (look(mm, at.vpn())) {
                case Seen.Leaf _ -> {
                  var done = huge.apply(at.vpn(), next, at.live());
                  yield Turn.again(done.map(now -> new Reached<>(next, now)).orElse(at));
                }
                case Seen.Nothing _ -> {
                  pmdNoneOrClearBad(mm, at.vpn());
                  yield Turn.again(new Reached<>(next, at.live()));
                }
                case Seen.Ptes(int table) -> {
                  var part = new Part(new Table(data, mm, table), at.vpn(), next);
                  yield Turn.again(each.apply(part, at.live()));
                }
              };
            });
  }

  /// What a PMD entry is, without its bits.
  private sealed interface Seen {
    record Nothing() implements Seen {}

    record Ptes(int table) implements Seen {}

    record Leaf() implements Seen {}
  }

  private Seen look(int mm, int vpn) {
    return data.steps()
        .scope(
            () -> {
              var entry = data.machine().tables().entry(mm, vpn);
              return entry.isLeaf()
                  ? new Seen.Leaf()
                  : entry.isTable() ? new Seen.Ptes(entry.table()) : new Seen.Nothing();
            });
  }

  /// What was none a moment ago, and is no page-table page now, is taken for garbage.
  @Models(file = "include/linux/pgtable.h", function = "pmd_none_or_clear_bad")
  private void pmdNoneOrClearBad(int mm, int vpn) {
    if (data.layout().hasHugePages()
        && pmdBad.looksTwice(walker)
        && data.isLeaf(mm, vpn)) {
      throw data.steps().fail(new Violation("kernel bug", "bad pmd: a huge page is cleared"));
    }
  }

  /// As [#parts] without a live value.
  public void parts(int mm, int from, int to, Consumer<Part> each) {
    parts(mm, from, to, (_, _, _) -> Optional.empty(), each);
  }

  /// As [#parts] without a live value, where PMD entries may map huge pages.
  public void parts(
      int mm, int from, int to, HugeBody<Boolean> huge, Consumer<Part> each) {
    parts(
        mm,
        from,
        to,
        true,
        huge,
        (part, live) -> {
          each.accept(part);
          return Optional.of(live);
        });
  }

  /// Handles a PMD entry that mapped a huge page a moment ago, pages `from` … `to`-1 of it; tells
  /// the live value from there on. Empty if the entry is to be looked at again: it has changed, or
  /// was split.
  @FunctionalInterface
  public interface HugeBody<S> {
    Optional<S> apply(int from, int to, S live);
  }

  /// The body of a loop over parts that may be left in their midst.
  @FunctionalInterface
  interface LeavableBody<S> {
    /// Handles a part, or its beginning; tells from where on the entry is to be looked at again.
    Reached<S> apply(Part part, S live);
  }

  /// The body of a loop over parts.
  @FunctionalInterface
  public interface PartBody<S> {
    /// Handles one part; tells the live value from there on. Empty if the entry is to be looked at
    /// again: it does not point to that page-table page any more.
    Optional<S> apply(Part part, S live);
  }
}
