package shootdown.kernel.vmalock;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether fork() locks the VMAs of its parent before it copies them.
///
/// ```text
/// release  | a fault of another thread while pages become read-only
/// ---------+---------------------------------------------------------
/// v6.4     | goes on: its copy is mapped before other TLBs are flushed
/// v6.5-rc1 | waits for the end of the fork (fb49c455323f)
/// ```
public enum ForkVmaLocks implements Decision {
  UNLOCKED,
  /// fb49c455323f
  LOCKED;

  /// The decision in time.
  public static final History<ForkVmaLocks> HISTORY =
      History.of(ForkVmaLocks.class, UNLOCKED)
          .then(
              Fix.merged(
                  "fb49c455323f",
                  "fork: lock VMAs of the parent process when forking",
                  "v6.5-rc1",
                  LOCKED));
}
