package shootdown.kernel.vmalock;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.MachineProfile;

/// On which machines a fault of user code tries the lock of its VMA first, in place of mmap_lock
/// (CONFIG_PER_VMA_LOCK).
///
/// ```text
/// release  | ports that do
/// ---------+---------------------------------------------------
/// v6.4-rc1 | x86 (0bff0aaea03e), arm64 (cd7f176aea5f) and s390 (e06f47a16573)
/// v6.5-rc1 | riscv64, too
/// v6.8-rc1 | armv7, too
/// ```
///
/// powerpc does where it is Book3S-64, which ppc44x is not. riscv's commit was in Linus's tree on
/// 12 July 2023, three days after v6.5-rc1; arm's came with the merge window of v6.8.
public interface PerVmaLock extends Decision {
  /// Whether the port of this machine does.
  boolean on(MachineProfile machine);

  /// mmap_lock for reading.
  PerVmaLock NOWHERE = _ -> false;

  /// 0bff0aaea03e
  PerVmaLock FIRST_PORTS = machine -> machine.isOf("x86", "arm64", "s390");

  /// 648321fa0d97
  PerVmaLock AND_RISCV = machine -> FIRST_PORTS.on(machine) || machine.isOf("riscv64");

  /// c16af1212479
  PerVmaLock AND_ARM = machine -> AND_RISCV.on(machine) || machine.isOf("armv7");

  /// The decision in time.
  History<PerVmaLock> HISTORY =
      History.of(PerVmaLock.class, NOWHERE)
          .then(
              Fix.merged(
                  "0bff0aaea03e",
                  "x86/mm: try VMA lock-based page fault handling first",
                  "v6.4-rc1",
                  FIRST_PORTS))
          .then(
              Fix.merged(
                  "648321fa0d97",
                  "riscv: mm: try VMA lock-based page fault handling first",
                  "v6.5-rc1",
                  AND_RISCV))
          .then(
              Fix.merged(
                  "c16af1212479",
                  "ARM: 9328/1: mm: try VMA lock-based page fault handling first",
                  "v6.8-rc1",
                  AND_ARM));
}
