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
/// release     | rule                                              | folio lock is taken
/// ------------+---------------------------------------------------+-------------------------
/// v2.6.12     | nobody else has a reference, when it has left the | copies
///             | swap cache                                        |
/// v2.6.13-rc1 | one PTE or swap entry has it (a pinned page may be| copies
///             | somewhere); never a KSM page                      |
/// v2.6.29-rc1 | as before                                         | copies only if it must:
///             |                                                   | waits
/// v4.5-rc1    | as before; of a huge page: nobody else has a      | likewise
///             | reference, if a PMD entry maps it, else never     |
/// v4.6        | as before v4.5-rc1, for all                       | likewise
/// v5.1-rc1    | as before; a KSM page that nobody else refers to  | likewise
/// v5.9-rc3    | as before                                         | likewise
/// v5.9-rc4    | nobody else has a reference (a pin makes a copy,  | copies
///             | and so does the swap cache); never a KSM page     |
/// v5.18-rc1   | as before, but it leaves the swap cache first     | copies
/// v5.19-rc1   | it is marked exclusive; else as before            | copies
/// ```
///
/// That reclaim of v2.6.12 spared pages with more references than entries is not modelled.
///
/// The folio lock that was taken for the counts is dropped before the entry is written, under the
/// page-table lock: the entry is what keeps the folio. v5.9-rc4 dropped it afterwards, without
/// that lock; by then another thread could have unmapped the folio, and it be free.
public interface CowReuse extends Decision {
  /// Whether the mark PG_anon_exclusive is enough, without a look at counts.
  boolean trustsMark();

  /// What is done about the folio lock.
  Locking locking();

  /// Whether a KSM page with one PTE may be made writable, and is no KSM page then.
  boolean reusesKsm();

  /// Whether a page that no swap entry needs leaves the swap cache before it is looked at.
  boolean freesSwapCache();

  /// Whether the reference count decides where a PMD entry maps a huge page.
  boolean countsReferencesOfHuge();

  /// Whether the page's counts say that nobody else has it; asked with the folio locked.
  boolean countsAllow(Folio folio, SwapCache swapCache, Steps steps);

  /// `can_share_swap_page()`: the reference count.
  CowReuse BY_PAGE_COUNT = new Rule(false, Locking.TRIES, false, true, Count.REFERENCES);

  /// c475a8ab625d: the mapping count, and that of swap entries.
  CowReuse BY_MAPCOUNT_IF_UNLOCKED = new Rule(false, Locking.TRIES, false, false, Count.USERS);

  /// ab967d86015a: likewise, and that the folio is locked is no reason to copy.
  CowReuse BY_MAPCOUNT = new Rule(false, Locking.WAITS, false, false, Count.USERS);

  /// 1f25fe20a769: likewise, of small pages.
  CowReuse BY_MAPCOUNT_IF_SMALL =
      new Rule(false, Locking.WAITS, false, false, Count.USERS_OF_SMALL);

  /// 52d1e606ee73: as [#BY_MAPCOUNT], and some KSM pages.
  CowReuse BY_MAPCOUNT_AND_KSM = new Rule(false, Locking.WAITS, true, false, Count.USERS);

  /// 09854ba94c6a: the reference count.
  CowReuse BY_REFCOUNT_UNLOCKED_LATE =
      new Rule(false, Locking.UNLOCKS_LATE, false, false, Count.REFERENCES);

  /// be068f29034f: likewise, unlocked in time.
  CowReuse BY_REFCOUNT = new Rule(false, Locking.TRIES, false, false, Count.REFERENCES);

  /// 53a05ad9f21d: likewise, and the swap cache's is not counted where it can be dropped.
  CowReuse BY_REFCOUNT_WITHOUT_SWAP =
      new Rule(false, Locking.TRIES, false, true, Count.REFERENCES);

  /// 6c287605fd56: the mark.
  CowReuse BY_MARK = new Rule(true, Locking.TRIES, false, true, Count.REFERENCES);

  History<CowReuse> HISTORY =
      History.of(CowReuse.class, BY_PAGE_COUNT)
          .then(
              Fix.merged(
                  "c475a8ab625d",
                  "[PATCH] can_share_swap_page: use page_mapcount",
                  "v2.6.13-rc1",
                  BY_MAPCOUNT_IF_UNLOCKED))
          .then(
              Fix.merged(
                  "ab967d86015a",
                  "mm: wp lock page before deciding cow",
                  "v2.6.29-rc1",
                  BY_MAPCOUNT))
          .then(
              Fix.merged(
                  "1f25fe20a769",
                  "mm, thp: adjust conditions when we can reuse the page on WP fault",
                  "v4.5-rc1",
                  BY_MAPCOUNT_IF_SMALL))
          .then(
              Fix.merged(
                  "6d0a07edd17c",
                  "mm: thp: calculate the mapcount correctly for THP pages during WP faults",
                  "v4.6",
                  BY_MAPCOUNT))
          .then(
              Fix.merged(
                  "52d1e606ee73",
                  "mm: reuse only-pte-mapped KSM page in do_wp_page()",
                  "v5.1-rc1",
                  BY_MAPCOUNT_AND_KSM))
          .then(
              Fix.merged(
                  "09854ba94c6a",
                  "mm: do_wp_page() simplification",
                  "v5.9-rc4",
                  BY_REFCOUNT_UNLOCKED_LATE))
          .then(
              Fix.merged(
                  "be068f29034f",
                  "mm: fix misplaced unlock_page in do_wp_page()",
                  "v5.9-rc5",
                  BY_REFCOUNT))
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
    /// likewise, and a page of a huge page is never used again
    USERS_OF_SMALL,
    REFERENCES
  }

  /// What a fault does about the folio lock.
  enum Locking {
    /// it copies where another task has the lock
    TRIES,
    /// likewise; what is used again is unlocked without the page-table lock
    UNLOCKS_LATE,
    /// it waits where another task has the lock
    WAITS
  }

  /// The rules that Linux had.
  ///
  /// @param trustsMark see there
  /// @param locking see there
  /// @param reusesKsm see there
  /// @param freesSwapCache see there
  /// @param count what must be one
  record Rule(
      boolean trustsMark,
      Locking locking,
      boolean reusesKsm,
      boolean freesSwapCache,
      Count count)
      implements CowReuse {
    @Override
    public boolean countsReferencesOfHuge() {
      return freesSwapCache || count == Count.USERS_OF_SMALL;
    }

    @Override
    public boolean countsAllow(Folio folio, SwapCache swapCache, Steps steps) {
      if (count != Count.REFERENCES) {
        return (count == Count.USERS || !folio.isLarge()) && swapCache.reuseSwapPage(folio);
      }
      if (freesSwapCache && folio.flags().test(Folio.SWAPCACHE)) {
        swapCache.folioFreeSwap(folio);
      }
      return steps.recheck("folio_ref_count", () -> folio.refcount().is(1));
    }
  }
}
