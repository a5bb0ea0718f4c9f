package shootdown.check;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shootdown.sched.Violation;

/// What a search found, of that which must not depend on how it went. Who goes round in a livelock
/// does.
///
/// @param outcomes the ends of runs
/// @param violations all but livelocks; who waits in a deadlock is named in alphabetical order
/// @param livelock whether there is one
record Verdict(Set<String> outcomes, Set<String> violations, boolean livelock) {
  static Verdict of(CheckResult result) {
    return of(
        result.outcomes().keySet(),
        CheckTest.violations(result).stream(),
        CheckTest.violations(result).stream().anyMatch(Verdict::isLivelock));
  }

  /// Of a search alone, without what is looked for in the graph after it.
  static Verdict of(Findings findings) {
    return of(findings.outcomes.keySet(), findings.violations.keySet().stream(), false);
  }

  static Verdict of(SecondGraph.Seen seen) {
    return of(
        seen.result().outcomes(), seen.result().violations().stream(), seen.hasLivelock());
  }

  private static Verdict of(
      Set<String> outcomes, Stream<Violation> violations, boolean livelock) {
    return new Verdict(
        new TreeSet<>(outcomes),
        violations
            .filter(v -> !isLivelock(v))
            .map(Verdict::text)
            .collect(Collectors.toCollection(TreeSet::new)),
        livelock);
  }

  private static boolean isLivelock(Violation violation) {
    return violation.property().equals(Violation.LIVELOCK);
  }

  private static String text(Violation violation) {
    return violation.property()
        + ": "
        + Arrays.stream(violation.message().split(", ")).sorted().toList();
  }
}
