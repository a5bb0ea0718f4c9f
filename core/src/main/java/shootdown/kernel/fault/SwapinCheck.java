package shootdown.kernel.fault;

import shootdown.kernel.data.Folio;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.kernel.swap.SwapCache;

/// What a fault at a swap entry asks of the folio that it found in the swap cache, once it has it
/// locked. The entry may be the same again, although the folio has left the slot meanwhile.
///
/// ```text
/// release     | the folio must be
/// ------------+----------------------------------
/// v2.6.36-rc3 | anything
/// v2.6.36-rc4 | in the swap cache, for any slot
/// v2.6.36-rc5 | in the swap cache, for this slot
/// ```
public interface SwapinCheck extends Decision {
  boolean allows(SwapCache cache, Folio folio, int slot);

  SwapinCheck NOTHING = (_, _, _) -> true;

  /// 4969c1192d15
  SwapinCheck ANY_SLOT = (_, folio, _) -> folio.flags().test(Folio.SWAPCACHE);

  /// 31c4a3d3a0f8
  SwapinCheck SAME_SLOT = SwapCache::isCachedAs;

  History<SwapinCheck> HISTORY =
      History.of(SwapinCheck.class, NOTHING)
          .then(
              Fix.merged(
                  "4969c1192d15", "mm: fix swapin race condition", "v2.6.36-rc4", ANY_SLOT))
          .then(
              Fix.merged(
                  "31c4a3d3a0f8",
                  "mm: further fix swapin race condition",
                  "v2.6.36-rc5",
                  SAME_SLOT));
}
