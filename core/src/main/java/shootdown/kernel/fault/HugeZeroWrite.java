package shootdown.kernel.fault;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What a write to the huge zero page maps.
///
/// ```text
/// release    | it maps
/// -----------+--------------------------------------------------------------
/// v5.7       | a huge page of zeroes
/// v5.8-rc1   | PTEs of the zero page: the entry is split; then a small page
/// v6.13-rc1  | a huge page of zeroes
/// ```
public enum HugeZeroWrite implements Decision {
  HUGE,
  /// 3917c80280c9
  SPLIT,
  /// 1ced09e0331f
  HUGE_AGAIN;

  boolean isHuge() {
    return this != SPLIT;
  }

  /// The decision in time.
  public static final History<HugeZeroWrite> HISTORY =
      History.of(HugeZeroWrite.class, HUGE)
          .then(
              Fix.merged(
                  "3917c80280c9", "thp: change CoW semantics for anon-THP", "v5.8-rc1", SPLIT))
          .then(
              Fix.merged(
                  "1ced09e0331f",
                  "mm: allocate THP on hugezeropage wp-fault",
                  "v6.13-rc1",
                  HUGE_AGAIN));
}
