package shootdown.report;

import java.util.ArrayList;
import shootdown.model.Observation;
import shootdown.model.TestResult;
import shootdown.model.Violated;

/// What came out of a run, in few words.
final class Wording {
  private Wording() {}

  /// As a `Result:` line writes it: `Sometimes, lost write`.
  static String finding(TestResult result) {
    var parts = new ArrayList<String>();
    result.observation().map(Observation::label).ifPresent(parts::add);
    result.violations().stream().map(Violated::oracle).forEach(parts::add);
    if (parts.isEmpty()) {
      parts.add(result.isComplete() ? "Clean" : Observation.UNKNOWN.label());
    }
    return String.join(", ", parts)
        + result.incomplete().map(why -> ": " + why).orElse("");
  }

  /// What was expected instead, in parentheses after a blank; nothing where that came out.
  static String difference(TestResult result) {
    if (result.isReplay()) {
      return "";
    }
    return switch (Standing.of(result)) {
      case AS_STATED, NOTHING_WRONG -> "";
      case DIFFERS ->
          result.expected().map(e -> " (expected " + e + ")").orElse(" (nothing is expected)");
      case UNDECIDED -> result.expected().map(e -> " (expected " + e + ")").orElse("");
    };
  }
}
