package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.MachineProfile;

/// When a gather frees pages and page-table pages: arch/arm/include/asm/tlb.h of its own freed each
/// one as it was unmapped, and flushed at the end of the VMA.
public enum GatherFree implements Decision {
  ARM_AT_ONCE,
  /// 06824ba824b3
  AFTER_FLUSH;

  /// The decision in time.
  public static final History<GatherFree> HISTORY =
      History.of(GatherFree.class, ARM_AT_ONCE)
          .then(
              Fix.merged(
                  "06824ba824b3",
                  "ARM: tlb: delay page freeing for SMP and ARMv7 CPUs",
                  "v2.6.38-rc7",
                  AFTER_FLUSH));

  boolean atOnce(MachineProfile machine) {
    return this == ARM_AT_ONCE && machine.port().equals("armv7");
  }
}
