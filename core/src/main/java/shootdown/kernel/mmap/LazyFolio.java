package shootdown.kernel.mmap;

import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.sched.Steps;

/// The mark that MADV_FREE leaves on a folio.
final class LazyFolio {
  private final Steps steps;

  LazyFolio(KernelData data) {
    this.steps = data.steps();
  }

  /// Only a page on the LRU is marked: not one that reclaim has in hand.
  @Models(
      file = "mm/swap.c",
      function = "folio_mark_lazyfree",
      leavesOut = "the per-CPU batch, in which the page waits for its mark")
  void folioMarkLazyfree(Folio folio) {
    if (!folio.isAnon()) {
      return;
    }
    steps.atomic(
        "lru_lazyfree",
        () -> {
          if (folio.isolated().is(0) && !folio.flags().test(Folio.SWAPCACHE)) {
            folio.flags().clear(Folio.SWAPBACKED | Folio.REFERENCED);
          }
        });
  }
}
