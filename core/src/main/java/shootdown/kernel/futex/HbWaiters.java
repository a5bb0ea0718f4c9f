package shootdown.kernel.futex;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Who looks whether anybody waits in a hash bucket before its lock is taken, and for what is
/// counted there.
///
/// ```text
/// release   | a wake looks at             | who requeues counts, too
/// ----------+-----------------------------+-------------------------
/// v2.6.0    | nothing: it takes the lock  | -
/// v3.14-rc1 | the lock, and the chain     | as it holds the lock
/// v3.14-rc8 | a number of waiters         | no: a wake may be lost
/// v3.15-rc1 | a number of waiters         | yes
/// ```
///
/// What v3.14-rc1 looked at is told by a number here, as well: who holds the lock is counted.
public enum HbWaiters implements Decision {
  NOT_COUNTED,
  /// 11d4616bd07f
  COUNTED,
  /// b0c29f79ecea, 69cd9eba3886
  COUNTED_BY_REQUEUE;

  /// The decision in time. The hashes were looked up, the releases are from memory.
  public static final History<HbWaiters> HISTORY =
      History.of(HbWaiters.class, NOT_COUNTED)
          .then(
              Fix.merged(
                  "b0c29f79ecea",
                  "futexes: Avoid taking the hb->lock if there's nothing to wake up",
                  "v3.14-rc1",
                  COUNTED_BY_REQUEUE))
          .then(
              Fix.merged(
                  "11d4616bd07f",
                  "futex: revert back to the explicit waiter counting code",
                  "v3.14-rc8",
                  COUNTED))
          .then(
              Fix.merged(
                  "69cd9eba3886",
                  "futex: avoid race between requeue and wake",
                  "v3.15-rc1",
                  COUNTED_BY_REQUEUE));
}
