package shootdown.kernel.futex;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether a wake of a private futex lets its caller's stores reach memory before it looks whether
/// anybody waits. A shared futex's key takes a reference, which is a fence.
///
/// ```text
/// release   | private futex
/// ----------+----------------------------------------------------------------------------
/// v2.6.0    | no fence: the bucket's lock is one, until [HbWaiters] spares it in v3.14-rc1
/// v3.18-rc1 | a fence
/// ```
public enum FutexKeyBarrier implements Decision {
  SHARED_KEYS,
  /// 76835b0ebf8a
  ALL_KEYS;

  /// The decision in time. The hash was looked up, the release is from memory.
  public static final History<FutexKeyBarrier> HISTORY =
      History.of(FutexKeyBarrier.class, SHARED_KEYS)
          .then(
              Fix.merged(
                  "76835b0ebf8a",
                  "futex: Ensure get_futex_key_refs() always implies a barrier",
                  "v3.18-rc1",
                  ALL_KEYS));
}
