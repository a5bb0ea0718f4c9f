package shootdown.kernel.reclaim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.filemap.Writeback;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.rmap.Rmap;
import shootdown.kernel.rmap.SplitHugePage;
import shootdown.kernel.rmap.TlbUbc;
import shootdown.kernel.rmap.TryToUnmap;
import shootdown.kernel.rmap.UnmapLazyfree;
import shootdown.kernel.swap.SwapCache;
import shootdown.kernel.swap.SwapEntry;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// kswapd, for one page; and reclaim of the pages that MADV_PAGEOUT names.
///
/// ```text
/// PTE young   PG_referenced   what happens
/// yes         any             stays; young bits cleared, PG_referenced set
/// no          yes             reclaimed if clean or anonymous; else stays, PG_referenced cleared
/// no          no              reclaimed, written before if dirty
/// ```
///
/// An anonymous page gets a slot of swap first, unless it is lazily free (MADV_FREE): that one is
/// dropped if it is clean. A page of shared memory gets one when it is written: see [Pageout].
///
/// What was unmapped is flushed before a page is written that a CPU could still write to, and else
/// only before the pages are freed.
public final class Reclaim {
  /// Looks that it takes from a page in use to its being written and freed.
  private static final int LOOKS = 3;

  private final KernelData data;
  private final Steps steps;
  private final Pageout pageout;
  private final Rmap rmap;
  private final TryToUnmap unmap;
  private final UnmapLazyfree unmapLazyfree;
  private final SplitHugePage split;
  private final SwapCache swapCache;
  private final AddToSwapDirty addToSwapDirty;

  public Reclaim(
      KernelData data,
      Decisions decisions,
      PageCache pageCache,
      Writeback writeback,
      Rmap rmap) {
    this.data = data;
    this.steps = data.steps();
    this.pageout = new Pageout(data, decisions, pageCache, writeback);
    this.rmap = rmap;
    this.unmap = new TryToUnmap(data, decisions);
    this.unmapLazyfree = new UnmapLazyfree(data, decisions);
    this.split = new SplitHugePage(data, decisions);
    this.swapCache = new SwapCache(data);
    this.addToSwapDirty = decisions.get(AddToSwapDirty.class);
  }

  /// What became of a page.
  private enum Fate {
    /// nobody can reach it any more: it is to be freed
    FREE,
    /// somebody uses it: it stays
    KEPT
  }

  /// What became of a page, and the batch of what is still to be flushed.
  private record Shrunk(Fate fate, TlbUbc ubc) {}

  /// Where a page is when it was to be unmapped.
  private enum State {
    /// nothing maps it, it is locked, and to be written
    DIRTY,
    /// nothing maps it, it is locked, and need not be written
    CLEAN,
    /// somebody uses it in a way that reclaim cannot end
    KEPT,
    /// it was referenced: another look may end otherwise
    SPARED
  }

  /// The same with the batch of what is still to be flushed.
  private record Unmapped(State state, TlbUbc ubc) {
    boolean isEvictable() {
      return state == State.DIRTY || state == State.CLEAN;
    }
  }

  /// What the references to a page tell: `enum folio_references`.
  private enum References {
    RECLAIM,
    RECLAIM_CLEAN,
    /// Also FOLIOREF_ACTIVATE: there is one list.
    KEEP
  }

  /// Tries to reclaim the page that is mapped at `vpn` now, or whose swap entry is there while it
  /// is still in the swap cache; does nothing if there is none. After a look that spares the page,
  /// the LRU may bring it again or not.
  @Models(
      file = "mm/vmscan.c",
      function = "shrink_inactive_list",
      leavesOut = "more than one page")
  public void shrink(Current me, int mm, int vpn) {
    steps.run(
        "shrink_inactive_list",
        () ->
            isolate(mm, vpn)
                .ifPresent(
                    folio -> {
                      if (folio.isLarge()) {
                        shrinkHuge(me, folio);
                      } else {
                        shrinkSmall(me, folio);
                      }
                    }));
  }

  /// Where reclaim of a page that may be spared is.
  ///
  /// @param number of the look, or [#LOOKS] where the page is not spared any more: then it does not
  ///     matter how many there were
  /// @param decided what the page's references told, whose lock is held then
  private record Look(int number, Optional<References> decided) {
    static final Look FIRST = new Look(1, Optional.empty());

    Look next() {
      return new Look(number + 1, Optional.empty());
    }

    Look decided(References references) {
      boolean mayBeSpared = references == References.RECLAIM_CLEAN;
      return new Look(mayBeSpared ? number : LOOKS, Optional.of(references));
    }
  }

  /// Takes a folio off the LRU, whose list names it in Linux: no page-table lock is held. Here the
  /// entry of a page names it, in the same step.
  @Models(
      file = "mm/vmscan.c",
      function = "isolate_lru_folios",
      leavesOut = "the lists; their lock, as a folio is taken off them by one bit")
  private Optional<Folio> isolate(int mm, int vpn) {
    return steps.atomically(
        "isolate_lru_folios",
        () -> named(mm, vpn).filter(data.folios()::folioIsolateLru));
  }

  private Optional<Folio> named(int mm, int vpn) {
    var entry = data.machine().entryAt(mm, vpn);
    if (SwapEntry.isSwap(entry)) {
      return swapCache.cachedFolio(SwapEntry.slot(entry));
    }
    return VmPageProt.ptePresent(entry)
        ? data.folios().vmNormalFolio(entry).map(page -> data.folios().page(page, 0)) // all of it
        : Optional.empty();
  }

  private void shrinkSmall(Current me, Folio folio) {
    var fate = steps.scope(() -> fateOf(me, folio));
    if (fate.isPresent()) {
      dispose(folio, fate.get());
    } else {
      data.folios().put(folio);
    }
  }

  /// Empty if it was put back on the LRU, and another has taken it off. The looks end before it is
  /// written or freed, so that how many there were is forgotten by then.
  private Optional<Fate> fateOf(Current me, Folio folio) {
    return steps
        .<Look, Optional<Unmapped>>loop("look", Look.FIRST, at -> look(me, folio, at))
        .map(last -> reclaimed(me, folio, last));
  }

  private Fate reclaimed(Current me, Folio folio, Unmapped unmapped) {
    var shrunk =
        unmapped.isEvictable()
            ? steps.call("shrink_folio_list", () -> evict(me, folio, unmapped))
            : kept(unmapped.ubc());
    unmap.tryToUnmapFlush(me, shrunk.ubc());
    return shrunk.fate();
  }

  /// One look; empty as [#fateOf].
  private Turn<Look, Optional<Unmapped>> look(Current me, Folio folio, Look at) {
    if (at.decided().isEmpty()) {
      var asked = steps.call("shrink_folio_list", () -> askReferences(me, folio));
      return asked.decided().isPresent()
          ? Turn.again(at.decided(asked.decided().get()))
          : left(folio, new Unmapped(asked.state(), TlbUbc.NONE), at);
    }
    var unmapped =
        steps.call(
            "shrink_folio_list",
            () -> unmapLocked(me, folio, TlbUbc.NONE, at.decided().get()));
    if (unmapped.state() != State.SPARED) {
      return Turn.done(Optional.of(unmapped));
    }
    unmap.tryToUnmapFlush(me, unmapped.ubc());
    return left(folio, new Unmapped(State.SPARED, TlbUbc.NONE), at);
  }

  /// A page that is spared may come again.
  private Turn<Look, Optional<Unmapped>> left(Folio folio, Unmapped last, Look at) {
    if (last.state() == State.SPARED && at.number() < LOOKS && steps.choose(2) == 1) {
      putBack(folio);
      return folio.isolated().cas(0, 1)
          ? Turn.again(at.next())
          : Turn.done(Optional.empty());
    }
    return Turn.done(Optional.of(last));
  }

  /// As [#shrinkSmall] for a huge folio, which is split before it is reclaimed piece by piece.
  private void shrinkHuge(Current me, Folio huge) {
    boolean spared = steps.loop("look", 1, n -> lookAtHuge(me, huge, n));
    if (spared) {
      dispose(huge, Fate.KEPT);
    } else {
      reclaimPages(me, List.of(huge));
    }
  }

  /// As [#look]; tells whether the folio is spared for good.
  private Turn<Integer, Boolean> lookAtHuge(Current me, Folio huge, int number) {
    boolean spared = steps.scope(() -> isSpared(me, huge));
    return spared && number < LOOKS && steps.choose(2) == 1
        ? Turn.again(number + 1)
        : Turn.done(spared);
  }

  /// A huge folio that is locked is not spared, but will not be split.
  private boolean isSpared(Current me, Folio huge) {
    if (!huge.lock().tryLock()) {
      return false;
    }
    var references = folioCheckReferences(me, huge);
    huge.lock().unlock();
    return references == References.KEEP;
  }

  /// The folios, huge ones split where that can be; each is isolated, with a reference.
  ///
  /// Linux has a folio locked from its split to its end; here it is locked anew.
  private List<Folio> splitHuge(Current me, List<Folio> folios) {
    var pieces = new ArrayList<Folio>();
    for (var folio : folios) {
      boolean whole = !folio.isLarge() || unmapLazyfree.takes(folio);
      if (whole || !steps.scope(() -> isSplit(me, folio))) {
        pieces.add(folio);
      } else {
        pieces.addAll(split.pieces(folio));
      }
    }
    return List.copyOf(pieces);
  }

  private boolean isSplit(Current me, Folio huge) {
    if (!huge.lock().tryLock()) {
      return false;
    }
    boolean done = split.splitHugePage(me, huge, SplitHugePage.Pieces.ISOLATED);
    huge.lock().unlock();
    return done;
  }

  @Models(file = "mm/vmscan.c", function = "move_folios_to_lru")
  private void dispose(Folio folio, Fate fate) {
    putBack(folio);
    if (fate == Fate.FREE) {
      data.folios().free(folio);
    } else {
      data.folios().put(folio);
    }
  }

  /// A folio goes back to the LRU, from which it was taken once: `VM_BUG_ON(folio_test_lru())`.
  private void putBack(Folio folio) {
    steps.atomic(
        "folio_set_lru",
        () -> {
          if (folio.isolated().swap(0) == 0) {
            throw steps.fail(
                new Violation("kernel bug", folio + " goes back to the LRU, where it is"));
          }
        });
  }

  /// Reclaims pages whatever their references say; the caller's reference on each is gone then.
  @Models(file = "mm/vmscan.c", function = "reclaim_pages", leavesOut = "nodes")
  public void reclaimPages(Current me, List<Folio> isolated) {
    if (isolated.isEmpty()) {
      return;
    }
    var folios = splitHuge(me, isolated);
    steps.run(
        "reclaim_pages",
        () -> {
          var fates = steps.scope(() -> shrinkFolioList(me, folios));
          steps.each(0, folios.size(), i -> dispose(folios.get(i), fates.get(i)));
        });
  }

  /// What became of each, once all is flushed that is to be.
  private List<Fate> shrinkFolioList(Current me, List<Folio> folios) {
    record Batch(int next, TlbUbc ubc, List<Fate> fates) {}
    var done =
        steps.<Batch, Batch>loop(
            "folios",
            new Batch(0, TlbUbc.NONE, List.of()),
            at -> {
              if (at.next() == folios.size()) {
                return Turn.done(at);
              }
              var shrunk = shrinkFolio(me, folios.get(at.next()), at.ubc());
              var fates = new ArrayList<>(at.fates());
              fates.add(shrunk.fate());
              return Turn.again(
                  new Batch(at.next() + 1, shrunk.ubc(), List.copyOf(fates)));
            });
    unmap.tryToUnmapFlush(me, done.ubc());
    return done.fates();
  }

  @Models(
      file = "mm/vmscan.c",
      function = "shrink_folio_list",
      leavesOut = "lists, demotion, CONFIG_THP_SWAP; kswapd writes every dirty page")
  private Shrunk shrinkFolio(Current me, Folio folio, TlbUbc ubc) {
    return steps.call(
        "shrink_folio_list",
        () ->
            folio.isLarge()
                ? shrinkHuge(me, folio, ubc)
                : lock(folio) ? reclaimLocked(me, folio, ubc, References.RECLAIM) : kept(ubc));
  }

  /// A huge folio that was not split: it is dropped if it is lazily free.
  private Shrunk shrinkHuge(Current me, Folio folio, TlbUbc ubc) {
    if (!folio.lock().tryLock()) {
      return kept(ubc);
    }
    var unmapped =
        unmapLazyfree.takes(folio) ? unmapLazyfree.tryToUnmap(me, folio, ubc) : ubc;
    boolean gone =
        !rmap.isMapped(folio) && !folio.flags().test(Folio.DIRTY) && pageout.removeMapping(folio);
    return unlocked(folio, gone ? Fate.FREE : Fate.KEPT, unmapped);
  }

  private static Shrunk kept(TlbUbc ubc) {
    return new Shrunk(Fate.KEPT, ubc);
  }

  /// Locks a small folio that is not being written; tells whether it did.
  private boolean lock(Folio folio) {
    if (folio.isLarge() || !folio.lock().tryLock()) {
      return false;
    }
    boolean may = steps.recheck("no_writeback", () -> !folio.flags().test(Folio.WRITEBACK));
    if (!may) {
      folio.lock().unlock();
    }
    return may;
  }

  /// What the first half of `shrink_folio_list()` came to.
  ///
  /// @param state of the page, unless it is `decided` to go on with it; it is locked then
  private record Asked(State state, Optional<References> decided) {}

  private Asked askReferences(Current me, Folio folio) {
    if (!lock(folio)) {
      return new Asked(State.KEPT, Optional.empty());
    }
    var references = folioCheckReferences(me, folio);
    if (references == References.KEEP) {
      folio.lock().unlock();
      return new Asked(State.SPARED, Optional.empty());
    }
    return new Asked(State.CLEAN, Optional.of(references));
  }

  private static Shrunk unlocked(Folio folio, Fate fate, TlbUbc ubc) {
    folio.lock().unlock();
    return new Shrunk(fate, ubc);
  }

  private Shrunk reclaimLocked(Current me, Folio folio, TlbUbc ubc, References references) {
    var unmapped = steps.scope(() -> unmapLocked(me, folio, ubc, references));
    return unmapped.isEvictable() ? evict(me, folio, unmapped) : kept(unmapped.ubc());
  }

  /// Unmaps a locked page; it is locked afterwards if it is to be evicted.
  private Unmapped unmapLocked(Current me, Folio folio, TlbUbc ubc, References references) {
    allocateSwap(folio);
    var unmapped =
        steps.scope(() -> rmap.isMapped(folio) ? unmap.tryToUnmap(me, folio, ubc) : ubc);
    var state = steps.scope(() -> state(folio, references));
    if (state == State.KEPT || state == State.SPARED) {
      folio.lock().unlock();
    }
    return new Unmapped(state, unmapped);
  }

  private State state(Folio folio, References references) {
    if (!steps.recheck("folio_mapped", () -> !rmap.isMapped(folio))) {
      return State.KEPT;
    }
    if (!folio.flags().test(Folio.DIRTY)) {
      return State.CLEAN;
    }
    return references == References.RECLAIM_CLEAN ? State.SPARED : State.DIRTY;
  }

  /// An anonymous page that is not lazily free needs a slot.
  private void allocateSwap(Folio folio) {
    steps.forget(
        () -> {
          if (folio.isAnon()
              && folio.flags().test(Folio.SWAPBACKED)
              && !folio.flags().test(Folio.SWAPCACHE)) {
            swapCache.addToSwap(folio);
            if (addToSwapDirty.marks()) {
              folio.flags().set(Folio.DIRTY);
            }
          }
        });
  }

  @Models(
      file = "mm/vmscan.c",
      function = "folio_check_references",
      leavesOut = "VM_EXEC, memory cgroups; that anonymous pages were activated at once until v5.8")
  private References folioCheckReferences(Current me, Folio folio) {
    return steps.call(
        "folio_check_references",
        () -> {
          var found = rmap.pageReferenced(me, folio);
          boolean stays = found.locked() || found.young();
          boolean before =
              steps.scope(() -> folio.flags().testAndClear(Folio.REFERENCED) && !stays);
          if (found.young() && !found.locked()) {
            folio.flags().set(Folio.REFERENCED);
          }
          if (stays) {
            return References.KEEP;
          }
          boolean ofFile = before && !folio.flags().test(Folio.SWAPBACKED);
          return ofFile ? References.RECLAIM_CLEAN : References.RECLAIM;
        });
  }

  /// Evicts a locked page that no PTE maps; it is not locked afterwards.
  private Shrunk evict(Current me, Folio folio, Unmapped unmapped) {
    var ubc = unmapped.ubc();
    if (unmapped.state() == State.DIRTY) {
      ubc = unmap.tryToUnmapFlushDirty(me, ubc);
      if (!pageout.pageout(me, folio)) {
        return new Shrunk(Fate.KEPT, ubc);
      }
    }
    return unlocked(folio, pageout.removeMapping(folio) ? Fate.FREE : Fate.KEPT, ubc);
  }
}
