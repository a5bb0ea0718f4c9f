package shootdown.model.mutants;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shootdown.kernel.history.Release;
import shootdown.litmus.ParseResult;
import shootdown.machine.Profiles;
import shootdown.model.BadRequest;
import shootdown.model.CheckRequest;
import shootdown.model.Checker;
import shootdown.model.Plan;
import shootdown.model.TestResult;
import shootdown.sched.Mutation;

/// A test on a machine and a kernel.
///
/// @param file the test's path, as the table names it
/// @param test the test
/// @param machine name of a profile
/// @param kernel spec of a release
public record Scenario(String file, ParseResult.Parsed test, String machine, String kernel) {
  public Scenario {
    if (Profiles.find(machine).isEmpty()) {
      throw new IllegalArgumentException("there is no machine '" + machine + "'");
    }
  }

  /// With today's kernel.
  public Scenario(String file, ParseResult.Parsed test, String machine) {
    this(file, test, machine, Checker.DEFAULT_KERNEL);
  }

  /// The runs with older releases that the `Result:` lines of tests name, on the machines that they
  /// name; none with a kernel that never was, such as today's without a fix.
  public static List<Scenario> older(Map<String, ParseResult.Parsed> tests) {
    var older = new ArrayList<Scenario>();
    tests.forEach(
        (file, test) -> {
          try {
            if (Checker.plan(test, file, CheckRequest.DEFAULT) instanceof Plan.Runs(var runs)) {
              runs.stream()
                  .map(run -> new Scenario(file, test, run.machine(), run.kernel()))
                  .filter(scenario -> Release.find(scenario.kernel()).isPresent())
                  .forEach(older::add);
            }
          } catch (BadRequest bad) {
            throw new IllegalStateException(bad);
          }
        });
    return older;
  }

  /// Explores the test; empty if the model cannot run it.
  ///
  /// @param mostStates when to give up. There is no limit in time: what a campaign finds does not
  ///     depend on how fast it runs
  /// @throws shootdown.check.ProgramBug if the kernel's code throws
  Optional<TestResult> run(Mutation mutation, long mostStates) {
    var request =
        CheckRequest.DEFAULT
            .withKernels(List.of(kernel))
            .withMachines(List.of(machine))
            .withMaxStates(mostStates)
            .withMutation(mutation);
    try {
      return switch (Checker.plan(test, file, request)) {
        case Plan.Refused _ -> Optional.empty();
        case Plan.Runs(var runs) -> Optional.of(runs.getFirst().explore());
      };
    } catch (BadRequest bad) {
      throw new IllegalStateException(bad);
    }
  }

  /// Whether more than one task runs, so that there is something to race with.
  public boolean hasSeveralTasks() {
    return test.test().threads().size() > 1;
  }

  /// Whether it is with today's kernel.
  public boolean isOfToday() {
    return kernel.equals(Checker.DEFAULT_KERNEL);
  }

  /// As tables name it: the file, and machine and kernel unless they are the usual ones.
  String name() {
    return file
        + (machine.equals(Checker.DEFAULT_MACHINE) ? "" : " on " + machine)
        + (isOfToday() ? "" : " at " + kernel);
  }
}
