package shootdown.cli;

import java.util.List;
import java.util.Optional;
import shootdown.check.Options;
import shootdown.litmus.Condition;
import shootdown.litmus.Printer;
import shootdown.model.Observation;
import shootdown.model.TestResult;

/// A run that needs more memory than there is: not decided.
final class OutOfMemory {
  /// What a user can do about it.
  static final String ADVICE =
      "SHOOTDOWN_JAVA_OPTS=-Xmx16g gives more memory, -j 1 all of it to one run,"
          + " --states N ends the search earlier";

  private OutOfMemory() {}

  static TestResult result(Job job) {
    boolean asks = job.test().condition() instanceof Condition.Over;
    return new TestResult(
        job.test().name(),
        job.file(),
        job.kernel(),
        job.machine(),
        asks ? Optional.of(Observation.UNKNOWN) : Optional.empty(),
        asks ? Optional.of(Printer.print(job.test().condition())) : Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.of("out of memory (" + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB)"),
        List.of(),
        new TestResult.Effort(0, 0, 0, 0),
        Optional.empty());
  }

  /// Whether `result` is one of these, or its search says so itself.
  static boolean is(TestResult result) {
    return result
        .incomplete()
        .filter(why -> why.startsWith("out of memory") || why.startsWith(Options.Bounds.MEMORY))
        .isPresent();
  }
}
