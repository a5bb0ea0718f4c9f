package shootdown.model;

import java.util.List;
import java.util.Optional;
import shootdown.kernel.history.OwnFix;
import shootdown.machine.MachineProfile;
import shootdown.machine.Profiles;

/// What is the user's own: a request names it by its files.
///
/// @param fixes decisions of the kernel
/// @param machines named like their files
public record Own(List<OwnFix> fixes, List<MachineProfile> machines) {
  public static final Own NOTHING = new Own(List.of(), List.of());

  public Own {
    fixes = List.copyOf(fixes);
    machines = List.copyOf(machines);
  }

  /// A machine of the user's, or one that Shootdown knows.
  Optional<MachineProfile> machine(String name) {
    return machines.stream()
        .filter(machine -> machine.name().equals(name))
        .findFirst()
        .or(() -> Profiles.find(name));
  }
}
