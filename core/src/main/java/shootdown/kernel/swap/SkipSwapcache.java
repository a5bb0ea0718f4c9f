package shootdown.kernel.swap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether a fault on a slot that one entry alone holds reads the page without the swap cache,
/// where the device is fast.
///
/// ```text
/// release    | without the swap cache | the slot is kept from others meanwhile
/// -----------+------------------------+---------------------------------------
/// v4.14      | never                  |
/// v4.15-rc1  | yes                    | no: two faults read it, and one slot may come round
/// v6.8-rc6   | yes                    | yes: the second backs off
/// ```
public interface SkipSwapcache extends Decision {
  /// Whether the swap cache is not used.
  boolean skips();

  /// Whether the slot is marked meanwhile as if the page were in the swap cache.
  boolean pins();

  /// Always through the swap cache.
  SkipSwapcache NEVER = new Rule(false, false);

  /// 0bcac06f27d7.
  SkipSwapcache UNPINNED = new Rule(true, false);

  /// 13ddaf26be32.
  SkipSwapcache PINNED = new Rule(true, true);

  History<SkipSwapcache> HISTORY =
      History.of(SkipSwapcache.class, NEVER)
          .then(
              Fix.merged(
                  "0bcac06f27d7",
                  "mm, swap: skip swapcache for swapin of synchronous device",
                  "v4.15-rc1",
                  UNPINNED))
          .then(
              Fix.merged(
                  "13ddaf26be32",
                  "mm/swap: fix race when skipping swapcache",
                  "v6.8-rc6",
                  PINNED));

  /// The rules that Linux had.
  ///
  /// @param skips see there
  /// @param pins see there
  record Rule(boolean skips, boolean pins) implements SkipSwapcache {}
}
