package shootdown.cli;

import java.util.List;
import java.util.Map;
import shootdown.litmus.ParseResult;
import shootdown.model.CheckRequest;

/// Says what is to be run.
@FunctionalInterface
interface Planner {
  /// @param tests each with its file
  /// @return the runs, test by test, at least one for each
  /// @throws BadInput if a test or the request names what does not exist
  List<Job> plan(Map<String, ParseResult.Parsed> tests, CheckRequest request) throws BadInput;
}
