package shootdown.model.coverage;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import shootdown.litmus.ParseResult;
import shootdown.model.BadRequest;
import shootdown.model.CheckRequest;
import shootdown.model.Checker;
import shootdown.model.Plan;
import shootdown.sched.Mutation;

/// What a test runs, on all kernels and machines that it names.
///
/// @param file the test's path
/// @param methods the methods that were under way when an operation was performed:
///     `class.method`
public record TestCoverage(String file, Set<String> methods) {
  /// Enough to learn nearly all that the tasks of a test do.
  private static final long MOST_STATES = 100_000;

  private static final Duration LONGEST = Duration.ofSeconds(20);

  /// Explores a test, if the model can run it.
  public static TestCoverage of(String file, ParseResult.Parsed test) {
    var methods = new TreeSet<String>();
    var request = CheckRequest.DEFAULT.withMaxStates(MOST_STATES).withTime(LONGEST);
    try {
      var kernels = Checker.plan(test, file, request);
      if (kernels instanceof Plan.Runs(var runs)) {
        for (var run : runs) {
          var tracing = Mutation.tracing();
          var one =
              request
                  .withKernels(List.of(run.kernel()))
                  .withMachines(List.of(run.machine()))
                  .withMutation(tracing);
          if (Checker.plan(test, file, one) instanceof Plan.Runs(var same)) {
            same.forEach(planned -> planned.explore());
          }
          methods.addAll(tracing.methods());
        }
      }
    } catch (BadRequest bad) {
      throw new IllegalStateException(bad);
    }
    return new TestCoverage(file, methods);
  }
}
