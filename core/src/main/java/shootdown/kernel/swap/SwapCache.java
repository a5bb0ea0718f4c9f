package shootdown.kernel.swap;

import java.util.Optional;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Swap;
import shootdown.machine.PhysicalMemory;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// The swap cache: a frame that has the contents of a slot, or is on the way there. As long as it
/// is cached, all who swap the slot in get the same frame. Its entry holds one reference.
///
/// Who adds a folio, removes or reads it has it locked: VM_BUG_ON_FOLIO(!folio_test_locked()) in
/// add_to_swap(), __delete_from_swap_cache(), folio_free_swap(), swap_readpage() and
/// __remove_mapping(), as of v6.1, and with PageLocked() in reuse_swap_page(), until it went.
public final class SwapCache {
  private final KernelData data;
  private final Steps steps;
  private final Swap swap;
  private final SwapMap map;

  public SwapCache(KernelData data) {
    this.data = data;
    this.steps = data.steps();
    this.swap = data.swap();
    this.map = new SwapMap(data);
  }

  /// Gives a locked anonymous folio a slot, and puts it into the swap cache.
  @Models(file = "mm/swap_state.c", function = "add_to_swap", leavesOut = "marking it dirty")
  public void addToSwap(Folio folio) {
    steps.run("add_to_swap", () -> folioAllocSwap(folio));
  }

  /// Gives a locked folio a slot, which no entry holds yet, and puts it into the swap cache.
  ///
  /// Nobody knows the slot yet: that it is taken and cached in one step makes no difference.
  ///
  /// @return the slot
  @Models(
      file = "mm/swapfile.c",
      function = "folio_alloc_swap",
      leavesOut = "that until v6.15 it found a slot, and add_to_swap_cache() did the rest")
  public int folioAllocSwap(Folio folio) {
    folio.lock().assertLocked();
    return steps.atomically(
        "add_to_swap_cache",
        () -> {
          int slot = map.allocate();
          insert(folio, slot);
          folio.flags().set(Folio.SWAPCACHE);
          return slot;
        });
  }

  private void insert(Folio folio, int slot) {
    folio.get();
    folio.swap().write(slot);
    swap.cache(slot).write(folio.pfn() + 1L);
  }

  /// The cached folio, with a reference that the caller must put; empty if none is cached. Takes no
  /// lock: the folio may leave the cache at any moment.
  ///
  /// Linux takes the reference first and looks again: as if both were one step.
  @Models(
      file = "mm/swap_state.c",
      function = "swap_cache_get_folio",
      leavesOut = "readahead statistics, shadow entries")
  public Optional<Folio> swapCacheGetFolio(int slot) {
    return steps.retry(
        "swap_cache_get_folio", () -> steps.atomically("filemap_get_folio", () -> lookup(slot)));
  }

  private Turn<Boolean, Optional<Folio>> lookup(int slot) {
    var folio = cachedFolio(slot);
    return folio.isEmpty() || folio.get().tryGet() ? Turn.done(folio) : Turn.again(true);
  }

  /// The cached folio, which only the cache's own reference keeps: for a part of a step.
  public Optional<Folio> cachedFolio(int slot) {
    long cached = swap.cache(slot).read();
    return cached == 0
        ? Optional.empty()
        : Optional.of(data.folios().folio((int) cached - 1));
  }

  /// The folio of a slot, cached or read into the cache, with a reference; empty if the slot is not
  /// in use any more.
  @Models(
      file = "mm/swap_state.c",
      function = "read_swap_cache_async",
      leavesOut = "readahead, the time that it takes: who found the folio could only wait")
  public Optional<Folio> readSwapCacheAsync(int slot) {
    return steps.call(
        "read_swap_cache_async",
        () ->
            steps.retry(
                "find or read",
                () -> {
                  var found = swapCacheGetFolio(slot);
                  if (found.isPresent()) {
                    return Turn.done(found);
                  }
                  var fresh = data.folios().alloc();
                  var done = insertAndRead(slot, fresh);
                  if (done == Reading.DONE) {
                    return Turn.done(Optional.of(fresh));
                  }
                  data.folios().put(fresh);
                  return done == Reading.GONE
                      ? Turn.done(Optional.<Folio>empty())
                      : Turn.again(true);
                }));
  }

  private enum Reading {
    DONE,
    /// somebody else reads the slot, or has
    EXISTS,
    /// no entry holds the slot
    GONE
  }

  private Reading insertAndRead(int slot, Folio fresh) {
    return steps.atomically(
        "add_to_swap_cache and read",
        () -> {
          if (!steps.recheck("swap_count", () -> !swap.map(slot).is(0))) {
            return Reading.GONE;
          }
          if (!steps.recheck(
              "swapcache_prepare", () -> !swap.map(slot).testAndSet(Swap.HAS_CACHE))) {
            return Reading.EXISTS;
          }
          insert(fresh, slot);
          fresh.flags().write(Folio.UPTODATE | Folio.SWAPBACKED | Folio.SWAPCACHE);
          copyIn(slot, fresh);
          return Reading.DONE;
        });
  }

  /// Reads a slot into a folio that is not in the swap cache and that nobody else knows.
  @Models(file = "mm/page_io.c", function = "swap_read_folio", leavesOut = "zswap, errors")
  private void swapReadFolio(int slot, Folio folio) {
    folio.lock().assertLocked();
    steps.atomic("swap_read_folio", () -> copyIn(slot, folio));
  }

  private void copyIn(int slot, Folio folio) {
    for (int word = 0; word < swap.wordsPerPage(); word++) {
      memory().at(folio.pfn(), word).write(swap.contents(slot, word).read());
    }
  }

  /// Writes a locked, clean folio of the swap cache to its slot, unless no entry holds the slot any
  /// more. It is not locked afterwards.
  @Models(
      file = "mm/page_io.c",
      function = "swap_writepage",
      leavesOut = "zswap, zero pages, errors")
  public void swapWritepage(Folio folio) {
    steps.run(
        "swap_writepage",
        () -> {
          if (folioFreeSwap(folio)) {
            folio.lock().unlock();
            return;
          }
          folio.flags().set(Folio.WRITEBACK);
          folio.lock().unlock();
          steps.atomic(
              "end_page_writeback",
              () -> {
                copyOut(folio);
                folio.flags().clear(Folio.WRITEBACK | Folio.WAITERS);
              });
        });
  }

  private void copyOut(Folio folio) {
    int slot = (int) folio.swap().read();
    for (int word = 0; word < swap.wordsPerPage(); word++) {
      swap.contents(slot, word).write(memory().at(folio.pfn(), word).read());
    }
  }

  /// Takes a locked folio out of the swap cache, if it is there, is not being written, and no entry
  /// holds its slot; tells whether it did. What was on swap is in memory alone then: it is dirty.
  @Models(
      file = "mm/swapfile.c",
      function = "folio_free_swap",
      leavesOut = "hibernation, folios of several pages")
  public boolean folioFreeSwap(Folio folio) {
    folio.lock().assertLocked();
    return steps.call("folio_free_swap", () -> steps.atomically("free", () -> freeSwap(folio)));
  }

  private boolean freeSwap(Folio folio) {
    if (!steps.recheck("swapcache", () -> folio.flags().test(Folio.SWAPCACHE))
        || !steps.recheck("no_writeback", () -> !folio.flags().test(Folio.WRITEBACK))
        || !steps.recheck("folio_swapped", () -> !isSwapped(folio))) {
      return false;
    }
    delete(folio);
    folio.refcount().add(-1);
    folio.flags().set(Folio.DIRTY);
    return true;
  }

  /// Whether an entry holds the slot of a folio of the swap cache.
  @Models(file = "mm/swapfile.c", function = "folio_swapped")
  private boolean isSwapped(Folio folio) {
    return swap.map((int) folio.swap().read()).read(~Swap.HAS_CACHE) != 0;
  }

  /// `reuse_swap_page()`, until v5.17: whether a locked folio has no other user than one entry, be
  /// it a PTE or a swap entry. If so, it leaves the swap cache.
  @Models(file = "mm/swapfile.c", function = "reuse_swap_page")
  public boolean reuseSwapPage(Folio folio) {
    folio.lock().assertLocked();
    return steps.atomically(
        "reuse_swap_page",
        () -> {
          if (folio.isKsm()) {
            return false;
          }
          boolean cached = folio.flags().test(Folio.SWAPCACHE);
          long users =
              folio.isLarge()
                  ? data.folios().transHugeMapcount(folio)
                  : folio.mapcount().read();
          if (cached && users <= 1) {
            users += swap.map((int) folio.swap().read()).read(~Swap.HAS_CACHE);
            if (users == 1 && !folio.flags().test(Folio.WRITEBACK)) {
              delete(folio);
              folio.refcount().add(-1);
              folio.flags().set(Folio.DIRTY);
            }
          }
          return users <= 1;
        });
  }

  /// Takes a locked folio out of the swap cache, whatever holds its slot, and drops the cache's
  /// reference. What else the folio belongs to has one, so that it stays.
  @Models(file = "mm/swap_state.c", function = "delete_from_swap_cache")
  public void deleteFromSwapCache(Folio folio) {
    steps.atomic(
        "delete_from_swap_cache",
        () -> {
          delete(folio);
          folio.refcount().add(-1);
        });
  }

  @Models(file = "mm/swap_state.c", function = "__delete_from_swap_cache")
  private void delete(Folio folio) {
    folio.lock().assertLocked();
    if (!folio.flags().test(Folio.SWAPCACHE) || folio.flags().test(Folio.WRITEBACK)) {
      throw steps.fail( // VM_BUG_ON_FOLIO(), as of v6.1
          new Violation(
              "kernel bug",
              folio + " leaves the swap cache, and is not there or is being written"));
    }
    int slot = (int) folio.swap().read();
    swap.cache(slot).write(0);
    swap.map(slot).clear(Swap.HAS_CACHE);
    folio.swap().write(0);
    folio.flags().clear(Folio.SWAPCACHE);
  }

  /// Takes a locked folio out of the swap cache if nobody but the cache and the caller, who has one
  /// reference, uses it, and it is clean; tells whether it did. If so, both references are gone and
  /// the frame is frozen at 0.
  @Models(file = "mm/vmscan.c", function = "__remove_mapping", leavesOut = "workingset")
  public boolean removeMapping(Folio folio) {
    folio.lock().assertLocked();
    return steps.call(
        "remove_mapping",
        () ->
            steps.atomically(
                "__remove_mapping",
                () -> {
                  if (!folio.flags().test(Folio.SWAPCACHE)
                      || !steps.recheck("folio_clean", () -> !folio.flags().test(Folio.DIRTY))
                      || !folio.refcount().cas("page_ref_freeze", 2, 0)) {
                    return false;
                  }
                  delete(folio);
                  return true;
                }));
  }

  /// Whether a locked folio is in the swap cache for this slot.
  public boolean isCachedAs(Folio folio, int slot) {
    return folio.flags().test(Folio.SWAPCACHE) && folio.swap().is(slot);
  }

  /// Drops a reference of an entry that is no more, and with it the slot if the folio has no other
  /// user.
  @Models(file = "mm/swap_state.c", function = "free_page_and_swap_cache")
  public void freePageAndSwapCache(Folio folio) {
    steps.forget(
        () -> {
          if (folio.flags().test(Folio.SWAPCACHE)
              && folio.mapcount().is(0)
              && folio.lock().tryLock()) {
            folioFreeSwap(folio);
            folio.lock().unlock();
          }
        });
    data.folios().put(folio);
  }

  /// A locked folio with what the slot holds, that is in no swap cache: nobody else finds it.
  public Folio readPastCache(int slot) {
    var folio = data.folios().alloc();
    folio.lock().lock();
    folio.flags().write(Folio.UPTODATE | Folio.SWAPBACKED);
    swapReadFolio(slot, folio);
    return folio;
  }

  private PhysicalMemory memory() {
    return data.machine().memory();
  }
}
