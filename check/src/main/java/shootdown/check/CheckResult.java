package shootdown.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a check found.
///
/// @param outcomes how runs end: [shootdown.sched.Program#outcome]'s text to a run
/// @param violations what runs do wrong, in the order in which they were met; deadlocks and
///     livelocks, too
/// @param incomplete why not all was searched; empty if all was
/// @param coverage what was searched, if the search was not meant to be exhaustive
/// @param effort what it took
public record CheckResult(
    Map<String, Finding> outcomes,
    List<Finding> violations,
    Optional<String> incomplete,
    Optional<Coverage> coverage,
    Effort effort) {

  static CheckResult of(
      Findings findings,
      Counterexamples counterexamples,
      Optional<String> incomplete,
      Optional<Coverage> coverage,
      Effort effort) {
    Map<String, Finding> outcomes = new LinkedHashMap<>();
    findings.outcomes.forEach(
        (text, found) -> outcomes.put(text, new Finding(found, counterexamples)));
    var violations =
        findings.violations.values().stream()
            .map(found -> new Finding(found, counterexamples))
            .toList();
    return new CheckResult(outcomes, violations, incomplete, coverage, effort);
  }

  /// Whether every reachable interleaving was covered.
  public boolean isComplete() {
    return incomplete.isEmpty();
  }

  /// What a search took.
  ///
  /// @param states met
  /// @param transitions steps followed
  /// @param unmergedStates states before vertices with equal futures were merged; as `states` where
  ///     that was not asked for
  /// @param nodes operations in the tasks' automata
  /// @param runs how often a task's code was run to learn them
  /// @param restarts how often the search began again
  /// @param cpuSeconds of the searching thread
  /// @param wallSeconds on the clock
  /// @param collisionProbability that a state was left out since its 64-bit fingerprint was met
  public record Effort(
      long states,
      long transitions,
      long unmergedStates,
      int nodes,
      int runs,
      int restarts,
      double cpuSeconds,
      double wallSeconds,
      double collisionProbability) {}
}
