package shootdown.cli;

import shootdown.check.Checkpoint;
import shootdown.litmus.LitmusTest;
import shootdown.model.TestResult;

/// One test to check on one kernel and one machine.
///
/// @param file path as the user gave it
/// @param check does it; may be called once
record Job(String file, LitmusTest test, String kernel, String machine, Check check) {
  /// Explores.
  @FunctionalInterface
  interface Check {
    TestResult run();

    /// The same, whose search is kept and goes on from what was kept.
    default Check keptIn(Checkpoint checkpoint) {
      return this;
    }
  }

  /// The same test, checked so.
  Job checked(Check other) {
    return new Job(file, test, kernel, machine, other);
  }

  /// As messages call it.
  @Override
  public String toString() {
    return test.name() + " " + kernel + " " + machine;
  }
}
