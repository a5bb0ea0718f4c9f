package shootdown.kernel.fault;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.MachineProfile;

/// Whether `ptep_set_access_flags()` keeps the dirty bit that the hardware sets while the entry is
/// made young.
///
/// ```text
/// port      | what is stored                                 | dirty bit of the hardware
/// ----------+------------------------------------------------+--------------------------
/// arm64     | v4.12: what was read, a clean entry is PTE_RDONLY: by a plain store until v4.6,
///           | then by an atomic update that sets PTE_RDONLY  | lost
/// arm64     | v4.13-rc4: the bits, by an atomic update       | kept
/// riscv,    | the entry that the fault has seen, if the page |
/// mips      | table has another, by a plain store            | lost, to this day
/// x86       | nothing unless the fault writes, and then it   |
///           | is dirty                                       | kept
/// ```
public enum AccessFlags implements Decision {
  OVERWRITTEN,
  /// 6d332747fa5f
  KEPT;

  /// The decision in time.
  public static final History<AccessFlags> HISTORY =
      History.of(AccessFlags.class, OVERWRITTEN)
          .then(
              Fix.merged(
                  "6d332747fa5f",
                  "arm64: Fix potential race with hardware DBM in ptep_set_access_flags()",
                  "v4.13-rc4",
                  KEPT));

  /// What is stored.
  enum Store {
    /// bits that come to what is there, in one step
    ATOMIC,
    /// what was read a moment ago, and the bits
    OF_WHAT_IS_READ,
    /// what was there when the lock was taken, and the bits
    OF_WHAT_WAS_SEEN
  }

  Store store(MachineProfile machine) {
    if (!machine.hardwareDirty()) {
      return Store.ATOMIC; // nobody else sets bits
    }
    return switch (machine.port()) {
      case "arm64" -> this == OVERWRITTEN ? Store.OF_WHAT_IS_READ : Store.ATOMIC;
      case "riscv64", "mips64" -> Store.OF_WHAT_WAS_SEEN;
      default -> Store.ATOMIC;
    };
  }
}
