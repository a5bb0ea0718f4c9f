package shootdown.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import shootdown.sched.Violation;

/// What a search has met so far: the first run for each violation and each outcome.
final class Findings {
  final Map<Violation, Found> violations = new LinkedHashMap<>();
  final Map<String, Found> outcomes = new LinkedHashMap<>();

  void violation(Violation violation, Supplier<List<Recorded>> run) {
    if (!violations.containsKey(violation)) {
      violations.put(violation, Found.violation(violation, run.get()));
    }
  }

  void outcome(String outcome, Supplier<List<Recorded>> run) {
    if (!outcomes.containsKey(outcome)) {
      outcomes.put(outcome, Found.outcome(outcome, run.get()));
    }
  }
}
