package shootdown.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shootdown.host.compare.Comparison;
import shootdown.host.compare.Confirmation.Finding;
import shootdown.host.compare.Confirmation.Role;
import shootdown.host.compare.Confirmation.Row;
import shootdown.host.compare.Confirmation.Where;
import shootdown.litmus.Condition;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;
import shootdown.model.BadRequest;
import shootdown.model.CheckRequest;
import shootdown.model.Checker;
import shootdown.model.Ending;
import shootdown.model.Observation;
import shootdown.model.Outcome;
import shootdown.model.Plan;
import shootdown.model.Planned;
import shootdown.model.TestResult;
import shootdown.model.Violated;

/// What the model says of a test that is to be confirmed, and by what a run is known to have gone
/// wrong.
///
/// @param rows one for each release that the test names, on the machine that is run on and on those
///     that guests are like; if it goes wrong nowhere there, those of other machines on which it
///     does
/// @param latest what the model's newest kernel allows
record ConfirmModel(LitmusTest test, List<Row> rows, TestResult latest) {
  ConfirmModel {
    rows = List.copyOf(rows);
  }

  /// @param others machines that guests are like, besides this one
  static ConfirmModel of(String file, ParseResult.Parsed parsed, Set<String> others)
      throws BadInput {
    var rows = new ArrayList<Row>();
    var stated = plan(file, parsed, CheckRequest.DEFAULT);
    TestResult latest = null;
    for (var run : here(file, parsed, stated)) {
      var result = run.explore();
      if (result.kernel().equals(Checker.DEFAULT_KERNEL)) {
        latest = result;
      }
      rows.add(row(Role.OPEN, result));
    }
    stated.stream()
        .filter(run -> !isHere(run) && others.contains(run.machine()))
        .map(run -> row(Role.OPEN, run.explore()))
        .forEach(rows::add);
    if (rows.stream().noneMatch(ConfirmModel::isShown)) {
      stated.stream()
          .filter(run -> !isHere(run))
          .map(run -> row(Role.ELSEWHERE, run.explore()))
          .filter(ConfirmModel::isShown)
          .forEach(rows::add);
    }
    return new ConfirmModel(parsed.test(), rows, latest);
  }

  private static Row row(Role role, TestResult result) {
    return new Row(
        Where.MODEL, role, result.kernel() + " " + result.machine(), finding(result));
  }

  private static boolean isShown(Row row) {
    return row.finding() instanceof Finding.Explored explored && explored.isShown();
  }

  private static boolean isHere(Planned run) {
    return run.machine().equals(Checker.DEFAULT_MACHINE);
  }

  /// The releases that the test states for the machine that is run on, and the newest one.
  private static List<Planned> here(
      String file, ParseResult.Parsed parsed, List<Planned> stated) throws BadInput {
    Set<String> kernels =
        Stream.concat(
                stated.stream().filter(ConfirmModel::isHere).map(Planned::kernel),
                Stream.of(Checker.DEFAULT_KERNEL))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return plan(
        file,
        parsed,
        CheckRequest.DEFAULT
            .withKernels(List.copyOf(kernels))
            .withMachines(List.of(Checker.DEFAULT_MACHINE)));
  }

  private static List<Planned> plan(String file, ParseResult.Parsed parsed, CheckRequest request)
      throws BadInput {
    try {
      return switch (Checker.plan(parsed, file, request)) {
        case Plan.Runs(var runs) -> runs;
        case Plan.Refused(var wrong) ->
            throw new BadInput(wrong.stream().map(d -> d.render(file)).toList());
      };
    } catch (BadRequest e) {
      throw new BadInput("shootdown: " + e.getMessage());
    }
  }

  private static Finding finding(TestResult result) {
    var words = new ArrayList<String>();
    result.observation().map(Observation::label).ifPresent(words::add);
    result.violations().stream().map(Violated::oracle).forEach(words::add);
    boolean shown =
        !result.violations().isEmpty() || result.endings().stream().anyMatch(Ending::satisfies);
    return new Finding.Explored(
        shown, result.isComplete(), words.isEmpty() ? "Clean" : String.join(", ", words));
  }

  /// In how many of the rounds something went wrong: what the condition asks for came out; in a
  /// test without one, what the newest kernel's model does not allow.
  long wrong(Map<String, Long> outcomes, Map<String, Long> globals) {
    if (test.condition() instanceof Condition.Over(var quantifier, _, _)) {
      boolean holds = quantifier != Condition.Quantifier.FORALL;
      return outcomes.entrySet().stream()
          .filter(e -> Outcome.satisfies(test, e.getKey(), globals) == holds)
          .mapToLong(Map.Entry::getValue)
          .sum();
    }
    return Comparison.of(outcomes, latest.endings().stream().map(Ending::text).toList())
        .notAllowed().values().stream().mapToLong(Long::longValue).sum();
  }
}
