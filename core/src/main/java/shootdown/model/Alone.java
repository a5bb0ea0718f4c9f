package shootdown.model;

import shootdown.kernel.Timeline;
import shootdown.kernel.history.KernelSpec;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;
import shootdown.machine.Machine;
import shootdown.machine.Profiles;
import shootdown.sched.Mutation;
import shootdown.sched.Violation;

/// What a test of one thread, and of children that it waits for, does on the model: there is
/// nothing to explore, so that thousands of
/// tests can be run in the time of one check.
public sealed interface Alone {
  /// It ended.
  ///
  /// @param outcome as [Outcome] writes it
  record Ended(String outcome) implements Alone {}

  /// Something is wrong, though nothing else was running.
  ///
  /// @param property what is violated
  record Violated(String property, String message) implements Alone {}

  /// The model is too small for it.
  record TooSmall(String message) implements Alone {}

  /// It waits for something that nobody does.
  record Waits() implements Alone {}

  /// Runs a test on a kernel.
  ///
  /// @param kernel a spec: `latest`, `v4.9`
  /// @throws IllegalArgumentException if there is no such kernel or machine, or several threads
  static Alone run(LitmusTest test, String kernel, String machine) {
    if (test.threads().stream().skip(1).anyMatch(t -> t.kind() != LitmusThread.Kind.CHILD)) {
      throw new IllegalArgumentException(test.name() + " has several threads");
    }
    try {
      var program =
          LitmusProgram.of(
              test,
              KernelSpec.parse(kernel, Timeline.all()),
              Profiles.find(machine).orElseThrow(),
              Mutation.NONE);
      return new Ended(program.alone());
    } catch (KernelSpec.SpecException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (Sequential.Failed failed) {
      var violation = failed.violation();
      return switch (violation.property()) {
        case Machine.LIMIT -> new TooSmall(violation.message());
        case Violation.DEADLOCK -> new Waits();
        default -> new Violated(violation.property(), violation.message());
      };
    }
  }
}
