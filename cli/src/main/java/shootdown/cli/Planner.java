package shootdown.cli;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import shootdown.litmus.ParseResult;
import shootdown.model.CheckRequest;
import shootdown.model.TestResult;

/// Says what is to be run.
@FunctionalInterface
interface Planner {
  /// @param tests each with its file
  /// @param shows which results are to be shown with an execution; asked when a run ends
  /// @return the runs, test by test, at least one for each
  /// @throws BadInput if a test or the request names what does not exist
  List<Job> plan(
      Map<String, ParseResult.Parsed> tests, CheckRequest request, Predicate<TestResult> shows)
      throws BadInput;
}
