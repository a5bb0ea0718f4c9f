package shootdown.kernel.futex;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What FUTEX_UNLOCK_PI does to a word with FUTEX_OWNER_DIED in it: whoever took the lock over from
/// an owner that died keeps that bit.
///
/// ```text
/// release | nobody waits                     | somebody does
/// --------+----------------------------------+--------------------------------------------
/// v2.6.18 | the word stays: locked for ever  | it gets the lock; the word names the old owner
/// v3.15   | 0                                | the new owner
/// ```
public enum UnlockOwnerDied implements Decision {
  WORD_STAYS,
  /// 13fbca4c6ecd
  CLEANED_UP;

  /// The decision in time. Hash and first release are from memory.
  public static final History<UnlockOwnerDied> HISTORY =
      History.of(UnlockOwnerDied.class, WORD_STAYS)
          .then(
              Fix.merged(
                  "13fbca4c6ecd",
                  "futex: Always cleanup owner tid in unlock_pi",
                  "v3.15",
                  CLEANED_UP));
}
