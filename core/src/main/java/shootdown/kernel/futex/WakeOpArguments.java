package shootdown.kernel.futex;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How FUTEX_WAKE_OP reads oparg and cmparg, which have twelve bits each.
///
/// ```text
/// release   | they are             | a shift by less than 0 or more than 31
/// ----------+----------------------+---------------------------------------
/// v2.6.14   | signed               | by its last five bits
/// v4.14-rc1 | not signed any more  | EINVAL
/// v4.15-rc1 | likewise             | by its last five bits
/// v4.15-rc3 | signed               | by its last five bits
/// ```
///
/// What the first row does with shifts is what the machines do; in C it is undefined.
public enum WakeOpArguments implements Decision {
  SIGNED,
  /// 30d6e0a4190d
  UNSIGNED_AND_CHECKED,
  /// e78c38f6bdd9
  UNSIGNED;

  /// The decision in time. Releases are told by the dates of the commits.
  public static final History<WakeOpArguments> HISTORY =
      History.of(WakeOpArguments.class, SIGNED)
          .then(
              Fix.merged(
                  "30d6e0a4190d",
                  "futex: Remove duplicated code and fix undefined behaviour",
                  "v4.14-rc1",
                  UNSIGNED_AND_CHECKED))
          .then(
              Fix.merged(
                  "e78c38f6bdd9",
                  "futex: futex_wake_op, do not fail on invalid op",
                  "v4.15-rc1",
                  UNSIGNED))
          .then(
              Fix.merged(
                  "d70ef22892ed",
                  "futex: futex_wake_op, fix sign_extend32 sign bits",
                  "v4.15-rc3",
                  SIGNED));

  /// A number of twelve bits.
  int extend(int bits) {
    return this == SIGNED ? bits << 20 >> 20 : bits;
  }
}
