package shootdown.kernel.futex;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What FUTEX_UNLOCK_PI tells where somebody has begun to wait, and has set FUTEX_WAITERS, since it
/// read the word.
///
/// ```text
/// release   | it
/// ----------+--------------------------------------------------------------------------
/// v2.6.18   | reads the word again under the bucket's lock, and hands the futex over
/// v3.17-rc1 | finds another word than it has read, and fails: EINVAL
/// v4.6-rc5  | begins again
/// ```
///
/// The first row is done as the last: beginning again is how the word is read again.
public enum UnlockRace implements Decision {
  AGAIN,
  /// ccf9e6a80d9e
  EINVAL;

  /// The decision in time. That 89e9e66ba1b3 mends ccf9e6a80d9e is what it says; the releases are
  /// told by the dates of both.
  public static final History<UnlockRace> HISTORY =
      History.of(UnlockRace.class, AGAIN)
          .then(
              Fix.merged(
                  "ccf9e6a80d9e", "futex: Make unlock_pi more robust", "v3.17-rc1", EINVAL))
          .then(
              Fix.merged(
                  "89e9e66ba1b3", "futex: Handle unlock_pi race gracefully", "v4.6-rc5", AGAIN));
}
