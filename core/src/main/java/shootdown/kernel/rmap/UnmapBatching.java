package shootdown.kernel.rmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.MachineProfile;

/// On which machines reclaim puts off the flush of the entries that it takes
/// (ARCH_WANT_BATCHED_UNMAP_TLB_FLUSH).
public interface UnmapBatching extends Decision {
  /// Whether the port of this machine does.
  boolean batches(MachineProfile machine);

  /// Each entry is flushed as it is taken.
  UnmapBatching NOWHERE = _ -> false;

  /// 72b252aed506: where remote flushes are interrupts.
  UnmapBatching X86 = machine -> machine.isOf("x86");

  /// 43b3dfdd0455: the broadcasts are sent at once, and waited for later.
  UnmapBatching X86_ARM64 = machine -> machine.isOf("x86", "arm64");

  /// 54d7431af73e.
  UnmapBatching X86_ARM64_RISCV = machine -> machine.isOf("x86", "arm64", "riscv64");

  History<UnmapBatching> HISTORY =
      History.of(UnmapBatching.class, NOWHERE)
          .then(
              Fix.merged(
                  "72b252aed506",
                  "mm: send one IPI per CPU to TLB flush all entries after unmapping pages",
                  "v4.3-rc1",
                  X86))
          .then(
              Fix.merged(
                  "43b3dfdd0455",
                  "arm64: support batched/deferred tlb shootdown during page reclamation/migration",
                  "v6.6-rc1",
                  X86_ARM64))
          .then(
              Fix.merged(
                  "54d7431af73e",
                  "riscv: Add support for BATCHED_UNMAP_TLB_FLUSH",
                  "v6.8-rc1",
                  X86_ARM64_RISCV));
}
