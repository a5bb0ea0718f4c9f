package shootdown.model.mutants;

import java.util.List;
import java.util.Optional;
import shootdown.model.Checker;
import shootdown.sched.Mutation;

/// What became of a mutant.
///
/// @param site its name, `function/what`
/// @param kind what is switched off
/// @param catcher who noticed; empty if nobody did
/// @param evidence what the state spaces show of the need for the site, if nobody noticed
/// @param undecided names of those of them that were not explored to their end
public record Mutant(
    String site,
    Mutation.Kind kind,
    Optional<Catcher> catcher,
    Optional<Evidence> evidence,
    List<String> undecided) {

  /// Who noticed.
  ///
  /// @param file the test
  /// @param machine where
  /// @param kernel with which
  /// @param how what was otherwise
  public record Catcher(String file, String machine, String kernel, String how) {
    /// With a scenario.
    Catcher(Scenario scenario, String how) {
      this(scenario.file(), scenario.machine(), scenario.kernel(), how);
    }

    /// Whether it is that scenario.
    public boolean is(Scenario scenario) {
      return scenario.file().equals(file)
          && scenario.machine().equals(machine)
          && scenario.kernel().equals(kernel);
    }

    /// As tables say it: `on armv7 at v4.9`; empty for the usual machine and today's kernel.
    String where() {
      return (machine.equals(Checker.DEFAULT_MACHINE) ? "" : " on " + machine)
          + (kernel.equals(Checker.DEFAULT_KERNEL) ? "" : " at " + kernel);
    }
  }

  public boolean isCaught() {
    return catcher.isPresent();
  }
}
