package shootdown.kernel.fault;

import shootdown.kernel.data.Folio;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.kernel.swap.SwapCache;
import shootdown.sched.Steps;

/// When a write to a read-only private page may make it writable instead of copying it: nobody else
/// may see the page.
///
/// ```text
/// release   | rule                                              | folio lock is taken
/// ----------+---------------------------------------------------+---------------------
/// v2.6.28   | one PTE or swap entry has it                      | copies
/// v2.6.29   | one PTE or swap entry has it (a pinned page may be| copies only if it must: waits
///           | somewhere); never a KSM page                      |
/// v5.1-rc1  | as before; a KSM page that nobody else refers to  | likewise
/// v5.9-rc3  | as before                                         | likewise
/// v5.9-rc4  | nobody else has a reference (a pin makes a copy,  | copies
///           | and so does the swap cache); never a KSM page     |
/// v5.18-rc1 | as before, but it leaves the swap cache first     | copies
/// v5.19-rc1 | it is marked exclusive; else as before            | copies
/// ```
public interface CowReuse extends Decision {
  /// Whether the mark PG_anon_exclusive is enough, without a look at counts.
  boolean trustsMark();

  /// Whether a fault waits for the folio lock where another task has it.
  boolean waitsForLock();

  /// Whether a KSM page with one PTE may be made writable, and is no KSM page then.
  boolean reusesKsm();

  /// Whether a page that no swap entry needs leaves the swap cache before it is looked at.
  boolean freesSwapCache();

  /// Whether the page's counts say that nobody else has it; asked with the folio locked.
  boolean countsAllow(Folio folio, SwapCache swapCache, Steps steps);

  /// `can_share_swap_page()`: the mapping count, and that of swap entries.
  CowReuse BY_MAPCOUNT_IF_UNLOCKED = new Rule(false, false, false, false, Count.USERS);

  /// ab967d86015a: `reuse_swap_page()`: the mapping count, and that of swap entries.
  CowReuse BY_MAPCOUNT = new Rule(false, true, false, false, Count.USERS);

  /// 52d1e606ee73: likewise, and some KSM pages.
  CowReuse BY_MAPCOUNT_AND_KSM = new Rule(false, true, true, false, Count.USERS);

  /// 09854ba94c6a: the reference count.
  CowReuse BY_REFCOUNT = new Rule(false, false, false, false, Count.REFERENCES);

  /// 53a05ad9f21d: likewise, and the swap cache's is not counted where it can be dropped.
  CowReuse BY_REFCOUNT_WITHOUT_SWAP = new Rule(false, false, false, true, Count.REFERENCES);

  /// 6c287605fd56: the mark.
  CowReuse BY_MARK = new Rule(true, false, false, true, Count.REFERENCES);

  History<CowReuse> HISTORY =
      History.of(CowReuse.class, BY_MAPCOUNT_IF_UNLOCKED)
          .then(
              Fix.merged(
                  "ab967d86015a", "mm: wp lock page before deciding cow", "v2.6.29-rc1",
                  BY_MAPCOUNT))
          .then(
              Fix.merged(
                  "52d1e606ee73",
                  "mm: reuse only-pte-mapped KSM page in do_wp_page()",
                  "v5.1-rc1",
                  BY_MAPCOUNT_AND_KSM))
          .then(
              Fix.merged(
                  "09854ba94c6a", "mm: do_wp_page() simplification", "v5.9-rc4", BY_REFCOUNT))
          .then(
              Fix.merged(
                  "53a05ad9f21d",
                  "mm: optimize do_wp_page() for exclusive pages in the swapcache",
                  "v5.18-rc1",
                  BY_REFCOUNT_WITHOUT_SWAP))
          .then(
              Fix.merged(
                  "6c287605fd56",
                  "mm: remember exclusively mapped anonymous pages with PG_anon_exclusive",
                  "v5.19-rc1",
                  BY_MARK));

  /// What is counted.
  enum Count {
    /// PTEs and swap entries
    USERS,
    REFERENCES
  }

  /// The rules that Linux had.
  ///
  /// @param trustsMark see there
  /// @param waitsForLock see there
  /// @param reusesKsm see there
  /// @param freesSwapCache see there
  /// @param count what must be one
  record Rule(
      boolean trustsMark,
      boolean waitsForLock,
      boolean reusesKsm,
      boolean freesSwapCache,
      Count count)
      implements CowReuse {
    @Override
    public boolean countsAllow(Folio folio, SwapCache swapCache, Steps steps) {
      if (count == Count.USERS) {
        return swapCache.reuseSwapPage(folio);
      }
      if (freesSwapCache && folio.flags().test(Folio.SWAPCACHE)) {
        swapCache.folioFreeSwap(folio);
      }
      return steps.recheck("folio_ref_count", () -> folio.refcount().is(1));
    }
  }
}
