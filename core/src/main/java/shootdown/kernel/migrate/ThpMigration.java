package shootdown.kernel.migrate;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.MachineProfile;

/// On which machines a PMD entry may be a migration entry (CONFIG_ARCH_ENABLE_THP_MIGRATION). On
/// the others a huge folio is split to migrate.
///
/// ```text
/// release   | ports that have it
/// ----------+--------------------
/// v4.14-rc1 | x86 (9c670ea37947)
/// v5.10-rc1 | arm64, too
/// v5.17-rc1 | riscv64, too
/// ```
///
/// The releases of arm64 and riscv64 are told by the dates of their commits.
public interface ThpMigration extends Decision {
  /// Whether the port of this machine has it.
  boolean isSupported(MachineProfile machine);

  /// As long as [MoveHugePage] allows it at all.
  ThpMigration X86 = machine -> machine.isOf("x86");

  /// 53fa117bb33c
  ThpMigration X86_ARM64 = machine -> machine.isOf("x86", "arm64");

  /// d062a79b7c80
  ThpMigration X86_ARM64_RISCV = machine -> machine.isOf("x86", "arm64", "riscv64");

  /// The decision in time.
  History<ThpMigration> HISTORY =
      History.of(ThpMigration.class, X86)
          .then(
              Fix.merged(
                  "53fa117bb33c", "arm64/mm: Enable THP migration", "v5.10-rc1", X86_ARM64))
          .then(
              Fix.merged(
                  "d062a79b7c80",
                  "riscv/mm: Enable THP migration",
                  "v5.17-rc1",
                  X86_ARM64_RISCV));
}
