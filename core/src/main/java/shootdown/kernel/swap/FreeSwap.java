package shootdown.kernel.swap;

import java.util.Optional;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Swap;
import shootdown.kernel.history.Decisions;
import shootdown.sched.Steps;

/// Freeing the hold that an entry has on a slot of swap, and the cached page with it.
public final class FreeSwap {
  private final KernelData data;
  private final Steps steps;
  private final Swap swap;
  private final SwapMap map;
  private final SwapCache cache;
  private final FreeSwapCache how;

  public FreeSwap(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.swap = data.swap();
    this.map = new SwapMap(data);
    this.cache = new SwapCache(data);
    this.how = decisions.get(FreeSwapCache.class);
  }

  /// Drops the hold of an entry that is no more, and the cached folio if nobody else wants it.
  @Models(file = "mm/swapfile.c", function = "free_swap_and_cache")
  public void freeSwapAndCache(int slot) {
    steps.run(
        "free_swap_and_cache",
        () -> {
          if (how == FreeSwapCache.AT_ONCE) {
            var folio = steps.atomically("swap_info_get", () -> free(slot).filter(this::tryLock));
            folio.ifPresent(f -> reclaimLocked(f, slot));
            folio.ifPresent(data.folios()::put);
          } else {
            free(slot).ifPresent(folio -> tryToReclaimSwap(folio, slot));
          }
        });
  }

  /// The cached folio, with a reference, if no entry holds the slot any more.
  private Optional<Folio> free(int slot) {
    map.swapFree(slot);
    return swap.map(slot).is(Swap.HAS_CACHE)
        ? cache.swapCacheGetFolio(slot)
        : Optional.empty();
  }

  /// Who does not get the lock does not keep the reference.
  private boolean tryLock(Folio folio) {
    boolean locked = folio.lock().tryLock();
    if (!locked) {
      data.folios().put(folio);
    }
    return locked;
  }

  @Models(
      file = "mm/swapfile.c",
      function = "__try_to_reclaim_swap",
      leavesOut = "a full area")
  private void tryToReclaimSwap(Folio folio, int slot) {
    if (folio.lock().tryLock()) {
      reclaimLocked(folio, slot);
    }
    data.folios().put(folio);
  }

  private void reclaimLocked(Folio folio, int slot) {
    if (how == FreeSwapCache.RECLAIMED) {
      if (steps.recheck(
          "swapcache", () -> cache.isCachedAs(folio, slot) && folio.mapcount().is(0))) {
        cache.folioFreeSwap(folio);
      }
    } else if (steps.recheck("swapcache", () -> folio.flags().test(Folio.SWAPCACHE))
        && steps.scope(() -> isUnwanted(folio, slot))) {
      cache.deleteFromSwapCache(folio);
      folio.flags().set(Folio.DIRTY);
    }
    folio.lock().unlock();
  }

  private boolean isUnwanted(Folio folio, int slot) {
    return !folio.flags().test(Folio.WRITEBACK)
        && folio.mapcount().is(0)
        && (how != FreeSwapCache.COUNTED || swap.map(slot).read(~Swap.HAS_CACHE) == 0);
  }
}
