package shootdown.kernel.data;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Lock;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.View;
import shootdown.sched.Violation;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// An address space: `struct mm_struct`. Its VMAs (one word each), its locks.
///
/// ```text
/// field              protected by
/// VMAs               mmap_lock and their own lock; those of a file also i_mmap_rwsem, those with
///                    anon pages anon_vma: writers hold all that apply, readers any one; their
///                    flags mmap_lock and their own lock alone
/// PMD entries        page_table_lock, the PMD lock; so are the page-table pages in store for them
/// PTEs               the PTL of their page-table page
/// tlb_flush_pending  atomic
/// tlbFlushBatched    any PTL: two tasks with different ones may meet there
/// ```
public final class Mm {
  /// VMAs of one address space; more are a stated limit.
  public static final int SLOTS = 12;

  private final int number;
  private final Steps steps;
  private final Words slots;
  private final Tree vmas;
  private final Words byPage;
  private final List<Lock> vmaLocks;
  private final Word tlbFlushBatched;
  private final Lock mmapLock;
  private final Lock pageTableLock;
  private final Word tlbFlushPending;
  private final Word writeProtectSeq;
  private final Words deposited;
  private final Tree deposits;
  private final Word killed;
  private final Word unstable;
  private final Word hasPinned;
  private boolean mergesAny;
  private int users = 2;

  Mm(Program program, int number, Layout layout) {
    this.number = number;
    this.steps = program.steps();
    this.slots =
        program.words(
            i -> "vma" + i + "/mm" + number,
            SLOTS,
            0,
            v -> v == 0 ? "none" : Vma.unpack(v).toString(),
            false);
    this.vmas = new Tree(program, "mm_mt" + suffix(number));
    this.byPage =
        program.words(
            i -> "mm_mt[" + i + "]" + suffix(number),
            layout.pages(),
            0,
            v -> v == 0 ? "none" : "vma" + (v - 1),
            false);
    this.vmaLocks =
        IntStream.range(0, layout.pages())
            .mapToObj(
                i ->
                    program.lock(
                        "vma_lock[" + i + "]" + suffix(number),
                        LockOrder.VMA_LOCK.lockClass()))
            .toList();
    this.tlbFlushBatched =
        program
            .words(_ -> "tlb_flush_batched" + suffix(number), 1, 0, Long::toString, true)
            .at(0);
    this.mmapLock =
        program.lock("mmap_lock" + suffix(number), LockOrder.MMAP_LOCK.lockClass());
    this.pageTableLock =
        program.lock("page_table_lock" + suffix(number), LockOrder.PAGE_TABLE.lockClass());
    this.tlbFlushPending =
        program
            .words(
                i -> "tlb_flush_pending" + suffix(number), 1, 0, Long::toString, false)
            .at(0);
    this.writeProtectSeq =
        program
            .words(
                i -> "write_protect_seq" + suffix(number), 1, 0, Long::toString, false)
            .at(0);
    this.killed = word(program, "killed");
    this.unstable = word(program, "MMF_UNSTABLE");
    this.hasPinned = word(program, "MMF_HAS_PINNED");
    program.together(unstable.index(), LOST_BIT, hasPinned.index());
    program.together(hasPinned.index(), LOST_BIT, unstable.index());
    this.deposits = new Tree(program, "deposited tables" + suffix(number));
    this.deposited =
        program.words(
            i -> "deposited tables" + suffix(number),
            layout.hasHugePages() ? 1 : 0,
            0,
            Long::toBinaryString,
            false);
  }

  private static final Violation LOST_BIT =
      new Violation("kernel bug", "a plain store to mm->flags undoes another's change");

  private Word word(Program program, String name) {
    return program.words(i -> name + suffix(number), 1, 0, Long::toString, true).at(0);
  }

  /// 1 if SIGKILL is pending for all its threads.
  public Word killed() {
    return killed;
  }

  /// MMF_UNSTABLE, a bit of `mm->flags`: 1 if its private memory may be gone, as memory was short.
  public Word unstable() {
    return unstable;
  }

  /// MMF_HAS_PINNED, a bit of `mm->flags` since a458b76a41e0 (v5.14): 1 if a page of it was ever
  /// pinned, or is about to be.
  public Word hasPinned() {
    return hasPinned;
  }

  private static String suffix(int number) {
    return number == 0 ? "" : "(mm" + number + ")";
  }

  /// 0, 1, …: also the machine's number of the address space.
  public int number() {
    return number;
  }

  /// `mm_users`: how many threads use the address space.
  public int users() {
    return users;
  }

  /// Says how many threads use the address space, before any runs; it does not change.
  public void setUsers(int count) {
    users = count;
  }

  /// `MMF_VM_MERGE_ANY`: whether KSM may merge the pages of all private mappings.
  public boolean mergesAny() {
    return mergesAny;
  }

  /// prctl(PR_SET_MEMORY_MERGE), before any thread runs; it does not change.
  public void setMergesAny() {
    mergesAny = true;
  }

  public Lock mmapLock() {
    return mmapLock;
  }

  /// The lock of the VMA that has page `vpn`: that page's share of it (ADR 19).
  public Lock vmaLock(int vpn) {
    return vmaLocks.get(vpn);
  }

  /// `mm->mm_mt`: the tree of its VMAs; under [#mmapLock].
  public Tree vmas() {
    return vmas;
  }

  /// `mm->tlb_flush_batched`: reclaim unmapped pages whose flush it put off.
  public Word tlbFlushBatched() {
    return tlbFlushBatched;
  }

  public Lock pageTableLock() {
    return pageTableLock;
  }

  /// How many have cleared entries, or may have, that they have not flushed yet.
  public Word tlbFlushPending() {
    return tlbFlushPending;
  }

  /// `mm->write_protect_seq`: odd while fork() makes entries read-only.
  public Word writeProtectSeq() {
    return writeProtectSeq;
  }

  /// `pgtable_trans_huge_deposit()`: puts a page-table page in store for a huge PMD entry. The PMD
  /// lock is held: assert_spin_locked() in mm/pgtable-generic.c, since v2.6.38.
  public void deposit(int table) {
    pageTableLock.assertLocked();
    deposits.change(
        () -> {
          deposited.at(0).write(deposited.at(0).read() | 1L << table);
          return true;
        });
  }

  /// `pgtable_trans_huge_withdraw()`: takes one out; likewise.
  public int withdraw() {
    pageTableLock.assertLocked();
    return steps.scope(
        () -> {
          long stored = deposited.at(0).read();
          if (stored == 0) {
            throw steps.fail(new Violation("kernel bug", "no page-table page is deposited"));
          }
          int first = Long.numberOfTrailingZeros(stored);
          return deposits.change(
              () -> {
                deposited.at(0).write(stored & ~(1L << first));
                return first;
              });
        });
  }

  /// The page-table pages that are in store, as a bit mask, as seen from outside of all tasks.
  public long depositedTables(View view) {
    return deposited.length() == 0 ? 0 : view.get(deposited.at(0));
  }

  /// `find_vma()` restricted to a hit: the VMA that contains the page. mmap_assert_locked() in
  /// mm/mmap.c, since v5.15-rc1.
  public Optional<VmaSlot> vmaAt(int vpn) {
    mmapLock.assertHeld();
    vmas.look();
    return vmaUnderRcu(vpn);
  }

  /// As [#vmaAt] for who holds the lock of the VMA, or wants it, and not [#mmapLock].
  public Optional<VmaSlot> vmaUnderRcu(int vpn) {
    if (vpn < 0 || vpn >= byPage.length()) {
      return Optional.empty();
    }
    return steps.scope(
        () -> {
          long slot = byPage.at(vpn).read();
          return slot == 0
              ? Optional.<VmaSlot>empty()
              : Optional.of(new VmaSlot((int) slot - 1, read((int) slot - 1)));
        });
  }

  /// `find_vma_intersection()`: the VMA of lowest address that overlaps pages `from` … `to`-1.
  /// mmap_assert_locked(), as in [#vmaAt].
  public Optional<VmaSlot> firstOverlap(int from, int to) {
    mmapLock.assertHeld();
    vmas.look();
    return steps.scope(
        () -> {
          Optional<VmaSlot> best = Optional.empty();
          for (int i = 0; i < SLOTS; i++) {
            var vma = read(i);
            if (isMapping(vma)
                && vma.overlaps(from, to)
                && best.map(b -> vma.start() < b.vma().start()).orElse(true)) {
              best = Optional.of(new VmaSlot(i, vma));
            }
          }
          return best;
        });
  }

  /// The first VMA, in order of slots, of which `wanted` holds, from slot `from` on. Rmap walks go
  /// through an address space with it.
  public Optional<VmaSlot> next(int from, Predicate<Vma> wanted) {
    return steps.scope(
        () -> {
          for (int i = from; i < SLOTS; i++) {
            var vma = read(i);
            if (isMapping(vma) && wanted.test(vma)) {
              return Optional.of(new VmaSlot(i, vma));
            }
          }
          return Optional.<VmaSlot>empty();
        });
  }

  /// The VMA in a slot now; empty if the slot is free.
  public Optional<Vma> at(int slot) {
    vmas.look();
    var vma = read(slot);
    return isMapping(vma) ? Optional.of(vma) : Optional.empty();
  }

  /// The VMA in a slot as it is now, for a reader that holds a lock which keeps it there, and not
  /// [#mmapLock]: its flags may have changed since it was found.
  public Vma now(int slot) {
    return read(slot);
  }

  /// Links a new VMA; tells its slot.
  public int insert(Vma vma) {
    return steps.scope(
        () -> {
          for (int i = 0; i < SLOTS; i++) {
            if (slots.at(i).is(0)) {
              put(i, vma);
              return i;
            }
          }
          throw steps.fail(
              new Violation(Machine.LIMIT, "more than " + SLOTS + " VMAs in one address space"));
        });
  }

  /// Links a new VMA so that rmap walks visit it after the one in `slot`, as copy_vma() wants; only
  /// where no such slot is free it comes before. Tells its slot.
  public int insertAfter(int slot, Vma vma) {
    return steps.scope(
        () -> {
          for (int i = slot + 1; i < SLOTS; i++) {
            if (slots.at(i).is(0)) {
              put(i, vma);
              return i;
            }
          }
          return insert(vma);
        });
  }

  private void put(int slot, Vma vma) {
    slots.at(slot).write(vma.pack());
    if (isMapping(vma)) {
      setByPage(vma.start(), vma.end(), slot + 1);
    }
  }

  private void setByPage(int from, int to, int value) {
    steps.each(from, to, vpn -> byPage.at(vpn).write(value));
  }

  /// Changes the VMA in a slot, but not its range.
  public void update(int slot, Vma vma) {
    slots.at(slot).write(vma.pack());
  }

  /// Changes the range of the VMA in a slot.
  ///
  /// @param old as it is
  public void resize(int slot, Vma old, int start, int end) {
    var vma = old.withRange(start, end);
    slots.at(slot).write(vma.pack());
    setByPage(old.start(), Math.min(start, old.end()), 0);
    setByPage(Math.max(end, old.start()), old.end(), 0);
    setByPage(start, Math.min(old.start(), end), slot + 1);
    setByPage(Math.max(old.end(), start), end, slot + 1);
  }

  /// Unlinks the VMA in a slot.
  ///
  /// @param vma as it is
  public void remove(int slot, Vma vma) {
    slots.at(slot).write(0);
    setByPage(vma.start(), vma.end(), 0);
  }

  /// `get_unmapped_area()`: the lowest address with room for `pages`; empty if there is none. Page
  /// 0 is never given out.
  public Optional<Integer> unmappedArea(int pages, int align, Layout layout) {
    return steps.scope(
        () -> {
          for (int at = align(1, align); at + pages <= layout.pages(); at = align(at + 1, align)) {
            if (isFree(at, at + pages)) {
              return Optional.of(at);
            }
          }
          return Optional.<Integer>empty();
        });
  }

  /// Whether no VMA overlaps pages `from` … `to`-1, not even a reserved one.
  public boolean isFree(int from, int to) {
    for (int i = 0; i < SLOTS; i++) {
      var vma = read(i);
      if (vma.pages() > 0 && vma.overlaps(from, to)) {
        return false;
      }
    }
    return true;
  }

  /// Whether a VMA overlaps pages `from` … `to`-1, as seen from outside of all tasks.
  public boolean overlaps(View view, int from, int to) {
    for (int i = 0; i < SLOTS; i++) {
      var vma = Vma.unpack(view.get(slots.at(i)));
      if (isMapping(vma) && vma.overlaps(from, to)) {
        return true;
      }
    }
    return false;
  }

  /// Whether pages `from` … `to`-1 are in no reserved address space but that of page `vpn`.
  public boolean sameReservation(int vpn, int from, int to) {
    return steps.scope(
        () -> {
          for (int i = 0; i < SLOTS; i++) {
            var vma = read(i);
            if (vma.has(Vma.RESERVED) && vma.overlaps(from, to) && !vma.contains(vpn)) {
              return false;
            }
          }
          return true;
        });
  }

  private Vma read(int slot) {
    return Vma.unpack(slots.at(slot).read());
  }

  private static boolean isMapping(Vma vma) {
    return vma.pages() > 0 && !vma.has(Vma.RESERVED);
  }

  private static int align(int page, int align) {
    return (page + align - 1) / align * align;
  }
}
