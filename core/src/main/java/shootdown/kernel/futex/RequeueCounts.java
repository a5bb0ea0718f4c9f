package shootdown.kernel.futex;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What FUTEX_REQUEUE and FUTEX_CMP_REQUEUE do with numbers of waiters below 0 (CVE-2018-6927).
///
/// ```text
/// release   | such a number
/// ----------+----------------------------------------
/// v2.6.0    | is reckoned with like any other
/// v4.15-rc9 | EINVAL
/// ```
public enum RequeueCounts implements Decision {
  ANY,
  /// fbe0e839d1e2
  NOT_NEGATIVE;

  /// The decision in time. The hash was looked up, the first release is from memory.
  public static final History<RequeueCounts> HISTORY =
      History.of(RequeueCounts.class, ANY)
          .then(
              Fix.merged(
                  "fbe0e839d1e2",
                  "futex: Prevent overflow by strengthen input validation",
                  "v4.15-rc9",
                  NOT_NEGATIVE));
}
