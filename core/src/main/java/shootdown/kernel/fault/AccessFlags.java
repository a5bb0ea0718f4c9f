package shootdown.kernel.fault;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.MachineProfile;

/// Whether `ptep_set_access_flags()` keeps the dirty bit that the hardware sets while the entry is
/// made young. Only arm64 ever wrote it back as it had been read, where a clean entry is one with
/// PTE_RDONLY: by a plain store until v4.6, and then by an atomic update that sets PTE_RDONLY.
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

  boolean losesDirty(MachineProfile machine) {
    return this == OVERWRITTEN
        && machine.hardwareDirty()
        && machine.port().equals("arm64");
  }
}
