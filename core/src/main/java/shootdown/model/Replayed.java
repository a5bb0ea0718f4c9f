package shootdown.model;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shootdown.check.Counterexample;
import shootdown.check.Schedule;
import shootdown.check.Trace;
import shootdown.litmus.Oracle;
import shootdown.sched.Violation;

/// What one interleaving of a test shows.
///
/// @param bound the test
/// @param schedule the interleaving
/// @param trace what happens in it
record Replayed(LitmusProgram bound, Schedule schedule, Trace trace) {
  /// How the test ends, if the interleaving goes that far.
  List<Ending> endings() {
    return trace.outcome().stream()
        .map(text -> new Ending(text, bound.satisfies(text)))
        .toList();
  }

  /// The first violation of each oracle, in the order of [Oracle].
  List<Violated> violations() {
    Map<Oracle, Violated> first = new EnumMap<>(Oracle.class);
    for (Violation violation : trace.violations()) {
      Planned.oracle(violation)
          .ifPresent(
              oracle ->
                  first.putIfAbsent(oracle, new Violated(oracle.label(), violation.message())));
    }
    return List.copyOf(first.values());
  }

  TestResult.Execution execution() {
    Optional<Violation> violation = trace.violations().stream().findFirst();
    var run = new Counterexample(schedule, Schedule.EMPTY, trace, false);
    var drawn = Executions.of(run, bound.columns(), violation.orElse(null));
    String verdict =
        violation.isPresent()
            ? drawn.verdict()
            : trace.outcome()
                .map(outcome -> "The test ends: " + outcome)
                .orElse("The schedule ends here, and nothing is wrong so far.");
    return new TestResult.Execution(
        drawn.columns(), drawn.steps(), verdict, drawn.schedule(), drawn.cycleStart());
  }
}
