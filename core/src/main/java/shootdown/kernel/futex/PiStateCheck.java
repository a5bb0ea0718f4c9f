package shootdown.kernel.futex;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What FUTEX_LOCK_PI makes of a word that names no owner, or another one, while somebody waits for
/// the futex. User space has overwritten it: the kernel knows the owner.
///
/// | release | the word is 0 | only FUTEX_WAITERS or FUTEX_OWNER_DIED is set | another owner |
/// |---|---|---|---|
/// | v2.6.22 | the caller gets the lock, too | it waits | it warns, and waits |
/// | v2.6.33 | likewise | likewise | EINVAL: 59647b6ac305 |
/// | v3.15 | EINVAL: b3eaa9fc5cd0 | EINVAL: 54a217887a7b | EINVAL |
public enum PiStateCheck implements Decision {
  WARNING,
  NONE,
  BEFORE_TAKING,
  ALWAYS;

  /// Whether the caller gets the lock where the word is 0, whoever waits.
  boolean takesFree() {
    return this == WARNING || this == NONE;
  }

  /// The decision in time.
  public static final History<PiStateCheck> HISTORY =
      History.of(PiStateCheck.class, WARNING)
          .then(
              Fix.merged(
                  "59647b6ac305",
                  "futex: Handle futex value corruption gracefully",
                  "v2.6.33",
                  NONE))
          .then(
              Fix.merged(
                  "b3eaa9fc5cd0",
                  "futex: Validate atomic acquisition in futex_lock_pi_atomic()",
                  "v3.15",
                  BEFORE_TAKING))
          .then(
              Fix.merged(
                  "54a217887a7b", "futex: Make lookup_pi_state more robust", "v3.15", ALWAYS));
}
