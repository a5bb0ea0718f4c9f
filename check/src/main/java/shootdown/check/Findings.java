package shootdown.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import shootdown.sched.Violation;

/// What a search has met so far: the first run for each violation and each outcome.
class Findings {
  final Map<Violation, Found> violations = new LinkedHashMap<>();
  final Map<String, Found> outcomes = new LinkedHashMap<>();

  void violation(Violation violation, Supplier<List<Recorded>> run) {
    if (!violations.containsKey(violation)) {
      violations.put(violation, Found.violation(violation, run.get()));
    }
  }

  /// As [#violation], of a run with a cycle.
  void livelock(Violation violation, Supplier<Found> found) {
    if (!violations.containsKey(violation)) {
      violations.put(violation, found.get());
    }
  }

  void outcome(String outcome, Supplier<List<Recorded>> run) {
    if (!outcomes.containsKey(outcome)) {
      outcomes.put(outcome, Found.outcome(outcome, run.get()));
    }
  }

  /// In an order that does not depend on when each was met.
  void sort() {
    var byText = new TreeMap<>(outcomes);
    outcomes.clear();
    outcomes.putAll(byText);
    var sorted = new ArrayList<>(violations.values());
    sorted.sort(Comparator.comparing(found -> String.valueOf(found.what())));
    violations.clear();
    sorted.forEach(found -> violations.put(found.violation().orElseThrow(), found));
  }
}
