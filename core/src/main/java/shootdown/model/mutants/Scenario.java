package shootdown.model.mutants;

import java.util.List;
import java.util.Optional;
import shootdown.litmus.ParseResult;
import shootdown.machine.Profiles;
import shootdown.model.BadRequest;
import shootdown.model.CheckRequest;
import shootdown.model.Checker;
import shootdown.model.Plan;
import shootdown.model.TestResult;
import shootdown.sched.Mutation;

/// A test on a machine, with today's kernel.
///
/// @param file the test's path, as the table names it
/// @param test the test
/// @param machine name of a profile
public record Scenario(String file, ParseResult.Parsed test, String machine) {
  public Scenario {
    if (Profiles.find(machine).isEmpty()) {
      throw new IllegalArgumentException("there is no machine '" + machine + "'");
    }
  }

  private static final String KERNEL = "latest";

  /// Explores the test; empty if the model cannot run it.
  ///
  /// @param mostStates when to give up. There is no limit in time: what a campaign finds does not
  ///     depend on how fast it runs
  /// @throws shootdown.check.ProgramBug if the kernel's code throws
  Optional<TestResult> run(Mutation mutation, long mostStates) {
    var request =
        CheckRequest.DEFAULT
            .withKernels(List.of(KERNEL))
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

  /// As tables name it: the file, and the machine unless it is the usual one.
  String name() {
    return machine.equals(Checker.DEFAULT_MACHINE) ? file : file + " on " + machine;
  }
}
