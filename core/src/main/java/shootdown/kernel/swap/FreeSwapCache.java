package shootdown.kernel.swap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How who frees a swap entry drops the cached page that nobody else wants.
///
/// ```text
/// release    | the page is found and locked       | it leaves the swap cache
/// -----------+------------------------------------+------------------------------------------
/// v4.10      | in one step with the entry's count | if it is there and nobody maps it
/// v4.11-rc1  | afterwards                         | likewise, though the slot may be held anew:
///            |                                    | who unmaps the page then finds nothing there
/// v4.12-rc1  | afterwards                         | if no entry holds its slot, either
/// v4.20-rc1  | afterwards                         | likewise; folio_free_swap() decides
/// ```
///
/// Today's code looks whether the page is in the swap cache, and folio_free_swap() does so again.
/// Until v4.19 it was looked at once: what is taken out of the swap cache has to be there.
public enum FreeSwapCache implements Decision {
  AT_ONCE,
  /// 235b62176712
  LATER,
  /// 322b8afe4a65
  COUNTED,
  /// bcd49e86710b
  RECLAIMED;

  /// The decision in time.
  public static final History<FreeSwapCache> HISTORY =
      History.of(FreeSwapCache.class, AT_ONCE)
          .then(Fix.merged("235b62176712", "mm/swap: add cluster lock", "v4.11-rc1", LATER))
          .then(
              Fix.merged(
                  "322b8afe4a65",
                  "mm, swap: Fix a race in free_swap_and_cache()",
                  "v4.12-rc1",
                  COUNTED))
          .then(
              Fix.merged(
                  "bcd49e86710b",
                  "mm/swapfile.c: use __try_to_reclaim_swap() in free_swap_and_cache()",
                  "v4.20-rc1",
                  RECLAIMED));
}
