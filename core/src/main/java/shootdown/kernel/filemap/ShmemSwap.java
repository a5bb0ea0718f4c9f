package shootdown.kernel.filemap;

import java.util.Optional;
import java.util.function.Supplier;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.swap.FreeSwap;
import shootdown.kernel.swap.SwapCache;
import shootdown.kernel.swap.SwapMap;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// Swap of shared memory: a page leaves the page cache of its file for the swap cache, and comes
/// back.
///
/// ```text
///                    | slot of the page cache | folio                  | swap slot
/// -------------------+------------------------+------------------------+---------------
/// cached             | the page               | of the file            | none
/// on its way         | a swap entry           | of nothing, swap cache | held, cached
/// on swap            | a swap entry           | none                   | held
/// ```
///
/// Who moves it has the folio locked. Who frees the entry, as truncation does, has not: all that
/// decides is the slot of the page cache, under i_pages.
public final class ShmemSwap {
  private final KernelData data;
  private final Steps steps;
  private final SwapCache swapCache;
  private final FreeSwap freeSwap;
  private final SwapMap map;
  private final ShmemSwapAlloc alloc;
  private final ShmemSwapinCheck check;
  private final ShmemSkipSwapcache skip;

  public ShmemSwap(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.swapCache = new SwapCache(data);
    this.freeSwap = new FreeSwap(data, decisions);
    this.map = new SwapMap(data);
    this.alloc = decisions.get(ShmemSwapAlloc.class);
    this.check = decisions.get(ShmemSwapinCheck.class);
    this.skip = decisions.get(ShmemSkipSwapcache.class);
  }

  /// Moves a locked, clean folio that is page `index` of the file, and that nobody maps, to the
  /// swap cache, and writes it. It is not locked afterwards.
  @Models(
      file = "mm/shmem.c",
      function = "shmem_writeout",
      leavesOut = "VM_LOCKED, a full area, pages of fallocate(), the list for swapoff; that until"
          + " v6.15 it was shmem_writepage()")
  public void shmemWriteout(FileData file, Folio folio, int index) {
    steps.run(
        "shmem_writeout",
        () -> {
          int slot = swapCache.folioAllocSwap(folio);
          if (alloc == ShmemSwapAlloc.BEFORE) {
            map.swapShmemAlloc(slot);
          }
          shmemDeleteFromPageCache(file, folio, index, slot);
          if (alloc == ShmemSwapAlloc.AFTER_UNLOCK) {
            map.swapShmemAlloc(slot);
          }
          if (data.folios().isMapped(folio)) { // BUG_ON(folio_mapped())
            throw steps.fail(new Violation("kernel bug", folio + " goes to swap and is mapped"));
          }
          swapCache.swapWritepage(folio);
        });
  }

  @Models(file = "mm/shmem.c", function = "shmem_delete_from_page_cache", leavesOut = "statistics")
  private void shmemDeleteFromPageCache(FileData file, Folio folio, int index, int slot) {
    steps.run(
        "shmem_delete_from_page_cache",
        () -> {
          file.pagesLock().lock();
          file.assertPagesLocked();
          file.pageTree()
              .change(
                  () ->
                      steps.atomically(
                          "shmem_replace_entry", () -> replace(file, folio, index, slot)));
          file.pagesLock().unlock();
          data.folios().put(folio);
        });
  }

  private boolean replace(FileData file, Folio folio, int index, int slot) {
    if (!file.slot(index).is(folio.pfn() + 1L)) { // BUG_ON(error)
      throw steps.fail(
          new Violation("kernel bug", folio + " goes to swap and is not in the page cache"));
    }
    file.slot(index).write(FileData.swapEntry(slot));
    folio.mapping().write(0);
    data.ground().fileSwappedOut(folio.pfn(), file.number(), index);
    return true;
  }

  /// Brings page `index` of the file back, whose slot of the page cache named the swap slot.
  ///
  /// @return the folio, locked, referenced and in the page cache; empty if the slot of the page
  ///     cache must be looked at again (EEXIST)
  @Models(
      file = "mm/shmem.c",
      function = "shmem_swapin_folio",
      leavesOut = "readahead, errors, replacing a folio of the wrong zone, large entries; that"
          + " before v3.1 the entry was elsewhere, and its lock held all the while")
  Optional<Folio> shmemSwapinFolio(FileData file, int index, int slot) {
    return steps.call(
        "shmem_swapin_folio",
        () -> {
          var cached = swapCache.swapCacheGetFolio(slot);
          if (cached.isEmpty() && skip == ShmemSkipSwapcache.YES) {
            return pastSwapCache(file, index, slot);
          }
          return cached
              .or(() -> swapCache.readSwapCacheAsync(slot))
              .filter(folio -> isMoved(file, index, slot, folio));
        });
  }

  /// Moves a referenced folio that was found in the swap cache to the page cache; if it cannot be,
  /// the reference is gone.
  private boolean isMoved(FileData file, int index, int slot, Folio folio) {
    return steps.scope(
        () -> {
          folio.lock().lock();
          boolean still =
              steps.recheck(
                  "swapcache", () -> check.allows(swapCache, file, index, slot, folio));
          if (!still) {
            return dropped(folio);
          }
          folio.flags().await(Folio.WRITEBACK, 0);
          if (!shmemAddToPageCache(file, index, slot, folio)) {
            if (check == ShmemSwapinCheck.TRUSTED) {
              throw steps.fail( // VM_BUG_ON(error)
                  new Violation("kernel bug", "a page of shared memory is not on swap any more"));
            }
            return dropped(folio);
          }
          swapCache.deleteFromSwapCache(folio);
          taken(slot, folio);
          return true;
        });
  }

  private boolean dropped(Folio folio) {
    folio.lock().unlock();
    data.folios().put(folio);
    return false;
  }

  /// What was on swap is in memory alone now.
  private void taken(int slot, Folio folio) {
    folio.flags().set(Folio.DIRTY);
    map.swapFree(slot);
  }

  @Models(
      file = "mm/shmem.c",
      function = "shmem_swap_alloc_folio",
      leavesOut = "large entries, zswap, userfaultfd; that the folio is there before the slot is"
          + " kept from others")
  private Optional<Folio> pastSwapCache(FileData file, int index, int slot) {
    if (!map.swapcachePrepare(slot)) {
      return Optional.empty(); // somebody else reads it, or it is free
    }
    var folio = swapCache.readPastCache(slot);
    boolean added = shmemAddToPageCache(file, index, slot, folio);
    map.swapcacheClear(slot);
    if (!added) {
      dropped(folio);
      return Optional.empty();
    }
    taken(slot, folio);
    return Optional.of(folio);
  }

  /// Puts a locked folio into the page cache, if the slot there still names the swap slot; tells
  /// whether it did.
  @Models(
      file = "mm/shmem.c",
      function = "shmem_add_to_page_cache",
      leavesOut = "that reference and mapping are there before the lock, and taken back")
  private boolean shmemAddToPageCache(FileData file, int index, int slot, Folio folio) {
    return steps.call(
        "shmem_add_to_page_cache",
        () ->
            changeIfOnSwap(
                "expected",
                file,
                index,
                slot,
                () -> steps.atomically("xas_store", () -> store(file, index, folio))));
  }

  /// Does `change` to the page cache, under i_pages, if its slot still names the swap slot; tells
  /// whether it did.
  private boolean changeIfOnSwap(
      String what, FileData file, int index, int slot, Supplier<Boolean> change) {
    file.pagesLock().lock();
    boolean same = steps.recheck(what, () -> isOnSwap(file, index, slot));
    if (same) {
      file.assertPagesLocked();
      file.pageTree().change(change);
    }
    file.pagesLock().unlock();
    return same;
  }

  private boolean store(FileData file, int index, Folio folio) {
    folio.get();
    folio.mapping().write(PageCache.mapping(file));
    folio.index().write(index);
    file.slot(index).write(folio.pfn() + 1L);
    data.ground().fileSwappedIn(folio.pfn(), file.number(), index);
    return true;
  }

  /// `shmem_confirm_swap()`.
  static boolean isOnSwap(FileData file, int index, int slot) {
    return file.slot(index).is(FileData.swapEntry(slot));
  }

  /// What is on swap goes, unless a page has taken its place by now; tells whether it went.
  @Models(file = "mm/shmem.c", function = "shmem_free_swap", leavesOut = "large entries")
  boolean shmemFreeSwap(FileData file, int index, int slot) {
    return steps.call(
        "shmem_free_swap",
        () -> {
          boolean same =
              changeIfOnSwap("xa_cmpxchg", file, index, slot, () -> cleared(file, index));
          if (same) {
            freeSwap.freeSwapAndCache(slot);
          }
          return same;
        });
  }

  private static boolean cleared(FileData file, int index) {
    file.slot(index).write(0);
    return true;
  }
}
