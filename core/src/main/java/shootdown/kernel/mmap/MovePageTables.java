package shootdown.kernel.mmap;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.BatchedFlush;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.SplitHugePmd;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// Moves page-table entries to another address of the same address space.
final class MovePageTables {
  private final KernelData data;
  private final Steps steps;
  private final VmaLinks links;
  private final MovePtesFlush flush;
  private final MoveNormalPmd normalPmd;
  private final BatchedFlush batched;
  private final MoveHugePmd hugePmd;
  private final MoveHugeWhole hugeWhole;
  private final PageWalk walk;
  private final SplitHugePmd split;
  private final MoveRmapLocks rmapLocks;
  private final MovePtesBatch batch;
  private final MremapUffdWp uffdWp;

  MovePageTables(KernelData data, VmaLinks links, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.links = links;
    this.flush = decisions.get(MovePtesFlush.class);
    this.normalPmd = decisions.get(MoveNormalPmd.class);
    this.batched = new BatchedFlush(data, decisions);
    this.hugePmd = new MoveHugePmd(data, links, decisions);
    this.hugeWhole = decisions.get(MoveHugeWhole.class);
    this.walk = new PageWalk(data, decisions);
    this.split = new SplitHugePmd(data, decisions);
    this.rmapLocks = decisions.get(MoveRmapLocks.class);
    this.uffdWp = decisions.get(MremapUffdWp.class);
    this.batch = decisions.get(MovePtesBatch.class);
  }

  /// What is moved.
  ///
  /// @param mm the address space
  /// @param vma the VMA that the pages are in
  /// @param from first page
  /// @param to where it goes
  /// @param pages how many
  /// @param needRmapLocks rmap walks visit the new VMA first: they could miss a page in both
  record Move(int mm, Vma vma, int from, int to, int pages, boolean needRmapLocks) {
    MoveRmapLocks.Order order() {
      return needRmapLocks
          ? MoveRmapLocks.Order.TARGET_FIRST
          : MoveRmapLocks.Order.SOURCE_FIRST;
    }
  }

  private record At(int done, boolean needFlush) {}

  @Models(
      file = "mm/mremap.c",
      function = "move_page_tables",
      leavesOut = "PUDs, MMU notifiers, the limit of 64 pages that older releases"
          + " move under one lock")
  void movePageTables(Current me, Move move) {
    steps.run(
        "move_page_tables",
        () -> {
          boolean needFlush =
              steps.loop("extents", new At(0, false), at -> moveExtent(me, move, at));
          if (needFlush) {
            flushTlbRange(me, move, move.from(), move.from() + move.pages());
          }
        });
  }

  private Turn<At, Boolean> moveExtent(Current me, Move move, At at) {
    if (at.done() == move.pages()) {
      return Turn.done(at.needFlush());
    }
    int from = move.from() + at.done();
    int to = move.to() + at.done();
    int oldPart = Math.min(move.pages() - at.done(), data.layout().pmdEnd(from) - from);
    if (data.isLeaf(move.mm(), from)) {
      return moveHuge(me, move, from, to, at);
    }
    var old = data.table(move.mm(), from);
    if (old.isEmpty()) {
      return Turn.again(new At(at.done() + oldPart, at.needFlush()));
    }
    if (oldPart == data.layout().ptrsPerPte() && moveNormalPmd(me, move, from, to)) {
      return Turn.again(new At(at.done() + oldPart, at.needFlush()));
    }
    var now = data.allocTable(move.mm(), to);
    int extent = Math.min(oldPart, data.layout().pmdEnd(to) - to);
    var later = movePtes(me, move, new Extent(old.get(), from, now, to, extent));
    return later
        .<Turn<At, Boolean>>map(
            flush -> Turn.again(new At(at.done() + extent, at.needFlush() || flush)))
        .orElse(Turn.again(at));
  }

  /// Moves a huge page, or splits its entry if it does not go whole to where one can be.
  private Turn<At, Boolean> moveHuge(Current me, Move move, int from, int to, At at) {
    int size = data.layout().ptrsPerPte();
    boolean whole =
        hugeWhole == MoveHugeWhole.YES
            && from == data.layout().pmdStart(from)
            && to == data.layout().pmdStart(to)
            && move.pages() - at.done() >= size
            && data.pmdp(move.mm(), to).isNone();
    var later =
        whole ? hugePmd.moveHugePmd(me, move, from, to) : Optional.<Boolean>empty();
    if (later.isPresent()) {
      return Turn.again(new At(at.done() + size, at.needFlush() || later.get()));
    }
    split.splitHugePmd(me, move.mm(), from);
    return Turn.again(at);
  }

  /// Moves a whole page-table page by its PMD entry; tells whether it could.
  @Models(
      file = "mm/mremap.c",
      function = "move_normal_pmd")
  private boolean moveNormalPmd(Current me, Move move, int from, int to) {
    boolean aligned = to == data.layout().pmdStart(to);
    boolean mayMove = normalPmd.moves() && !uffdWp.clears(move.vma());
    if (!mayMove || !aligned || !data.pmdp(move.mm(), to).isNone()) {
      return false;
    }
    boolean rmapLocks = normalPmd.alwaysTakesRmapLocks() || move.needRmapLocks();
    return steps.call(
        "move_normal_pmd",
        () -> {
          if (rmapLocks) {
            links.takeRmapLocks(move.vma());
          }
          // one lock for all PMD entries of an address space: old and new have the same
          var pmdLock = data.mm(move.mm()).pageTableLock();
          pmdLock.lock();
          boolean moves = !normalPmd.looksAgain() || isTableStill(move.mm(), from);
          if (moves) {
            data.machine().pmdPopulate(move.mm(), to, takeTable(move.mm(), from));
            flushTlbRange(me, move, from, data.layout().pmdEnd(from));
          }
          pmdLock.unlock();
          if (rmapLocks) {
            links.dropRmapLocks(move.vma());
          }
          return moves;
        });
  }

  private boolean isTableStill(int mm, int vpn) {
    return !data.layout().hasHugePages()
        || steps.recheck(
            "pmd_present", () -> data.machine().tables().entry(mm, vpn).isTable());
  }

  /// An entry that is none names the page at physical address 0.
  private int takeTable(int mm, int vpn) {
    if (data.layout().hasHugePages() && !data.machine().tables().entry(mm, vpn).isTable()) {
      throw steps.fail(
          new Violation("kernel bug", "mremap() takes physical address 0 for a page table"));
    }
    return data.machine().pmdClear(mm, vpn);
  }

  /// Entries that one page-table page maps before and one after the move.
  private record Extent(Table old, int from, Table now, int to, int pages) {}

  /// Tells whether something is to be flushed later. Empty if the old page-table page is gone, as a
  /// collapse of a file took it away: then the PMD entry is to be looked at again.
  ///
  /// The new one may go likewise, but then there is nothing to move: all that the file has there is
  /// unmapped.
  ///
  /// The locks need no order: mmap_lock is held for writing.
  @Models(
      file = "mm/mremap.c",
      function = "move_ptes",
      leavesOut = "soft-dirty")
  private Optional<Boolean> movePtes(Current me, Move move, Extent extent) {
    return steps.call(
        "move_ptes",
        () -> {
          takeRmapLocks(move);
          var oldPtl = extent.old().ptl();
          var newPtl = extent.now().ptl();
          boolean two = !oldPtl.equals(newPtl);
          if (!walk.lockUnderMmapLock(extent.old(), extent.from())) {
            dropRmapLocks(move);
            return Optional.<Boolean>empty();
          }
          if (two) {
            newPtl.lock();
          }
          batched.flushTlbBatchedPending(me, move.mm());
          boolean forceFlush = moveEach(me, move, extent);
          if (forceFlush && flush.when() == MovePtesFlush.When.BEFORE_BOTH_UNLOCKS) {
            flushExtent(me, move, extent);
          }
          if (two) {
            newPtl.unlock();
          }
          if (forceFlush && flush.when() == MovePtesFlush.When.AFTER_NEW_UNLOCK) {
            flushExtent(me, move, extent);
          }
          oldPtl.unlock();
          dropRmapLocks(move);
          boolean allFlushed =
              forceFlush && flush.when() != MovePtesFlush.When.ENTRY_BY_ENTRY;
          return Optional.of(flush.flushesAtEnd() && !allFlushed);
        });
  }

  private void takeRmapLocks(Move move) {
    if (locksFile(move)) {
      data.file(move.vma().file()).mmapRwsem().lock();
    }
    if (locksAnonVma(move)) {
      data.anonVmas().lock(move.vma().anonVma()).lock();
    }
  }

  private void dropRmapLocks(Move move) {
    if (locksAnonVma(move)) {
      data.anonVmas().lock(move.vma().anonVma()).unlock();
    }
    if (locksFile(move)) {
      data.file(move.vma().file()).mmapRwsem().unlock();
    }
  }

  private boolean locksFile(Move move) {
    return !move.vma().anonymous() && rmapLocks.locksFile(move.order());
  }

  private boolean locksAnonVma(Move move) {
    return move.vma().has(Vma.VM_ANON_VMA) && rmapLocks.locksAnonVma(move.order());
  }

  private record Moving(int done, boolean forceFlush) {}

  /// Tells whether an entry forces a flush.
  private boolean moveEach(Current me, Move move, Extent extent) {
    return steps.loop(
        "ptes",
        new Moving(0, false),
        at ->
            at.done() == extent.pages()
                ? Turn.done(at.forceFlush())
                : Turn.again(moveNext(me, move, extent, at)));
  }

  private Moving moveNext(Current me, Move move, Extent extent, Moving at) {
    return steps.scope(
        () -> {
          var old = extent.old().pte(extent.from() + at.done());
          if (old.isNone()) {
            return new Moving(at.done() + 1, at.forceFlush());
          }
          int count = batch(extent, at.done());
          return count > 1
              ? new Moving(at.done() + count, moveBatch(extent, at.done(), count))
              : new Moving(
                  at.done() + 1, moveOne(me, move, extent, at.done()) || at.forceFlush());
        });
  }

  private boolean moveOne(Current me, Move move, Extent extent, int i) {
    var old = extent.old().pte(extent.from() + i);
    boolean forcedBefore = flush.forces(old);
    var pte = old.getAndClear();
    boolean forced = flush.forces(pte) || forcedBefore;
    extent.now().pte(extent.to() + i).set(uffdWp.moved(pte, move.vma()));
    if (forced && flush.when() == MovePtesFlush.When.ENTRY_BY_ENTRY) {
      flushTlbRange(me, move, extent.from() + i, extent.from() + i + 1);
    }
    return forced;
  }

  /// How many entries from `i` on move at once.
  @Models(
      file = "mm/mremap.c",
      function = "mremap_folio_pte_batch",
      leavesOut = "batches of entries that agree in what may be written")
  private int batch(Extent extent, int i) {
    if (!batch.ignoresWritable(data.machine().profile())) {
      return 1;
    }
    var first = extent.old().pte(extent.from() + i).get();
    if (!first.present() || !data.folios().folio(first.pfn()).isLarge()) {
      return 1;
    }
    var folio = data.folios().folio(first.pfn());
    int most =
        Math.min(extent.pages() - i, folio.head() + folio.pages() - first.pfn());
    int count = 1;
    while (count < most && continues(first, extent.old().pte(extent.from() + i + count), count)) {
      count++;
    }
    return count;
  }

  private static boolean continues(Pte first, Ptep ptep, int i) {
    long ignored = Pte.DIRTY | Pte.YOUNG | Pte.WRITABLE;
    return ptep.get()
        .without(ignored)
        .equals(first.without(ignored).withPfn(first.pfn() + i));
  }

  /// `get_and_clear_ptes()`, then `set_ptes()`: what the first is, and dirty and young if any was.
  private static boolean moveBatch(Extent extent, int i, int count) {
    var pte = extent.old().pte(extent.from() + i).getAndClear();
    for (int k = 1; k < count; k++) {
      var cleared = extent.old().pte(extent.from() + i + k).getAndClear();
      pte = pte.with(cleared.bits() & (Pte.DIRTY | Pte.YOUNG));
    }
    for (int k = 0; k < count; k++) {
      extent.now().pte(extent.to() + i + k).set(pte.withPfn(pte.pfn() + k));
    }
    return true;
  }

  private void flushExtent(Current me, Move move, Extent extent) {
    flushTlbRange(me, move, extent.from(), extent.from() + extent.pages());
  }

  private void flushTlbRange(Current me, Move move, int from, int to) {
    data.machine().flush().range(me.cpu(), move.mm(), from, to);
  }
}
