package shootdown.kernel.futex;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What FUTEX_LOCK_PI makes of a word that names no owner while somebody waits for the futex. User
/// space has overwritten it: the kernel knows the owner.
///
/// | release | the word is 0 | only FUTEX_WAITERS or FUTEX_OWNER_DIED is set |
/// |---|---|---|
/// | v3.14 | the caller gets the lock, too | it waits |
/// | v3.15 | EINVAL: b3eaa9fc5cd0 | EINVAL: 54a217887a7b |
public enum PiStateCheck implements Decision {
  NONE,
  BEFORE_TAKING,
  ALWAYS;

  /// The decision in time.
  public static final History<PiStateCheck> HISTORY =
      History.of(PiStateCheck.class, NONE)
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
