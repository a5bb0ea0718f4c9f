package shootdown.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Oracle;
import shootdown.litmus.ResultLine;
import shootdown.litmus.Selector;

/// What a test's `Result:` lines state. A line that names no machine speaks of all that no other
/// line of that release names; likewise one that names no release.
final class Expectations {
  private Expectations() {}

  /// What is stated for a kernel on a machine: the most special line that speaks of it.
  static Optional<ResultLine> of(LitmusTest test, String kernel, String machine) {
    var lines = test.header().results();
    return first(lines, kernel, machine)
        .or(() -> first(lines, kernel, ""))
        .or(() -> first(lines, "", machine))
        .or(() -> first(lines, "", ""));
  }

  private static Optional<ResultLine> first(
      List<ResultLine> lines, String kernel, String machine) {
    return lines.stream()
        .filter(l -> text(l.release()).equals(kernel) && text(l.machine()).equals(machine))
        .findFirst();
  }

  static String text(Selector selector) {
    return switch (selector) {
      case Selector.Any _ -> "";
      case Selector.Named(var text, _) -> text;
    };
  }

  /// As the line says it, without kernel and machine: `Sometimes, lost write`.
  static String show(ResultLine line) {
    var oracles =
        line.oracles().stream().map(Oracle::label).collect(Collectors.joining(", "));
    var verdict = line.verdict().label();
    return verdict.isEmpty() || oracles.isEmpty() ? verdict + oracles : verdict + ", " + oracles;
  }

  /// Whether a result is what a line states; empty if what was explored does not decide it.
  static Optional<Boolean> met(
      ResultLine line,
      Optional<Observation> observation,
      List<Violated> violations,
      boolean complete) {
    var stated = EnumSet.noneOf(Oracle.class);
    stated.addAll(line.oracles());
    var found = found(violations);
    if (!stated.containsAll(found) || contradicts(line.verdict(), observation)) {
      return Optional.of(false);
    }
    if (line.verdict() == ResultLine.Verdict.UNKNOWN) {
      return Optional.of(!complete && found.equals(stated));
    }
    if (!complete) {
      return Optional.empty();
    }
    return Optional.of(found.equals(stated));
  }

  private static Set<Oracle> found(List<Violated> violations) {
    var found = EnumSet.noneOf(Oracle.class);
    violations.forEach(v -> found.add(Oracle.of(v.oracle()).orElseThrow()));
    return found;
  }

  private static boolean contradicts(
      ResultLine.Verdict verdict, Optional<Observation> observation) {
    return switch (verdict) {
      case CLEAN, VIOLATED -> false;
      case UNKNOWN -> !observation.equals(Optional.of(Observation.UNKNOWN));
      case NEVER, SOMETIMES, ALWAYS ->
          observation
              .filter(o -> o != Observation.UNKNOWN && !o.label().equals(verdict.label()))
              .isPresent();
    };
  }
}
