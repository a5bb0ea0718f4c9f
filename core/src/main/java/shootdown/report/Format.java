package shootdown.report;

import shootdown.model.TestResult;

/// A way to write the results of a check, piece by piece in the order in which they come. All
/// pieces together are the output; each ends with an end of line unless it is empty.
public interface Format {
  /// What comes before the first result.
  String begin();

  /// Whether [#next] shows the counterexample of a result, if it has one.
  boolean draws(TestResult result);

  /// One result.
  String next(TestResult result);

  /// One run without a result.
  default String lost(Lost run) {
    return "";
  }

  /// What comes after the last result, also when not all that was planned was run.
  ///
  /// @param seconds on the clock, of all
  String end(double seconds);
}
