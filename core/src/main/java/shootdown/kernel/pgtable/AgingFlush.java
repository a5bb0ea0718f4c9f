package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.MachineProfile;
import shootdown.machine.MachineProfile.Reach;

/// Whether `ptep_clear_flush_young()` is done when the TLBs have forgotten the young entry. arm64
/// sends the invalidations and does not wait for them any more: until somebody does, a CPU may use
/// what it holds, as where nothing is flushed.
public enum AgingFlush implements Decision {
  WAITS,
  /// 3403e56b41c1
  DOES_NOT_WAIT;

  /// The decision in time.
  public static final History<AgingFlush> HISTORY =
      History.of(AgingFlush.class, WAITS)
          .then(
              Fix.merged(
                  "3403e56b41c1",
                  "arm64: mm: Don't wait for completion of TLB invalidation when page aging",
                  "v5.0-rc1",
                  DOES_NOT_WAIT));

  /// Which TLBs have forgotten an entry that was made old.
  public Reach reach(MachineProfile machine) {
    return this == DOES_NOT_WAIT && isArm64(machine) ? Reach.NONE : machine.youngFlush();
  }

  static boolean isArm64(MachineProfile machine) {
    return machine.port().equals("arm64");
  }
}
