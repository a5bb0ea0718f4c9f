package shootdown.junit;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.opentest4j.AssertionFailedError;
import shootdown.check.Check;
import shootdown.check.CheckResult;
import shootdown.check.Finding;
import shootdown.check.Options;
import shootdown.check.SharedStatics;
import shootdown.check.TraceText;
import shootdown.sched.Program;
import shootdown.sched.Violation;

/// What a check must find; an assertion for programs that some method builds.
///
/// ```java
/// Expectation.violating("deadlock").verify(() -> Philosophers.program(3, 1, LEFT_FIRST));
/// Expectation.NOTHING_WRONG.verify(() -> Philosophers.program(3, 1, LOWER_FIRST));
/// ```
///
/// @param violations properties that runs violate; no others are
/// @param outcomes how runs end; empty where that does not matter
/// @param options how to check
public record Expectation(
    Set<String> violations, Optional<Set<String>> outcomes, Options options) {
  public static final Expectation NOTHING_WRONG =
      new Expectation(Set.of(), Optional.empty(), Options.DEFAULT);

  public Expectation {
    violations = Set.copyOf(violations);
    outcomes = outcomes.map(Set::copyOf);
  }

  /// Runs violate these properties, and no others.
  public static Expectation violating(String... properties) {
    return new Expectation(Set.of(properties), Optional.empty(), Options.DEFAULT);
  }

  /// As this, and runs end like these and not otherwise.
  public Expectation withOutcomes(String... ends) {
    return new Expectation(violations, Optional.of(Set.of(ends)), options);
  }

  public Expectation withOptions(Options other) {
    return new Expectation(violations, outcomes, other);
  }

  /// Checks a program.
  ///
  /// @param programs builds it, the same each time
  /// @return what was found, which is what was expected
  /// @throws AssertionFailedError if it is not, with the run that shows it; or if tasks share
  ///     static fields, which no search can see
  public CheckResult verify(Supplier<Program> programs) {
    SharedStatics.of(programs).stream()
        .findFirst()
        .ifPresent(
            shared -> {
              throw failure("tasks share " + shared + ": make it a word of the program");
            });
    var result = Check.run(programs, options.withoutLookingForStatics());
    unexpectedViolation(result);
    unexpectedOutcome(result);
    if (!result.isComplete() && (violations.isEmpty() || !missing(result).isEmpty())) {
      throw failure(
          "not decided: " + result.incomplete().orElseThrow() + "; " + effort(result));
    }
    nothingMissing(result);
    return result;
  }

  private void unexpectedViolation(CheckResult result) {
    List<Finding> unexpected =
        result.violations().stream()
            .filter(f -> !violations.contains(property(f)))
            .toList();
    if (unexpected.isEmpty()) {
      return;
    }
    var shown =
        unexpected.stream()
            .min(Comparator.comparing(f -> f.schedule().decisions().size()))
            .orElseThrow();
    var others =
        unexpected.stream()
            .filter(f -> f != shown)
            .flatMap(f -> f.violation().stream())
            .map(v -> "\nalso: " + v.property() + ": " + v.message())
            .distinct()
            .collect(Collectors.joining());
    throw failure(TraceText.of(shown) + effort(result) + others);
  }

  private void unexpectedOutcome(CheckResult result) {
    if (outcomes.isEmpty()) {
      return;
    }
    result.outcomes().entrySet().stream()
        .filter(e -> !outcomes.orElseThrow().contains(e.getKey()))
        .findFirst()
        .ifPresent(
            e -> {
              throw failure(
                  "unexpected outcome: " + e.getKey() + "\n\n"
                      + TraceText.of(e.getValue()) + effort(result));
            });
  }

  private void nothingMissing(CheckResult result) {
    var missing = missing(result);
    if (!missing.isEmpty()) {
      throw failure("no run violates " + missing + "; " + effort(result));
    }
    if (result.isComplete() && outcomes.isPresent()) {
      var never = new TreeSet<>(outcomes.orElseThrow());
      never.removeAll(result.outcomes().keySet());
      if (!never.isEmpty()) {
        throw failure("no run ends as " + never + "; " + effort(result));
      }
    }
  }

  private Set<String> missing(CheckResult result) {
    var missing = new TreeSet<>(violations);
    result.violations().forEach(f -> missing.remove(property(f)));
    return missing;
  }

  private static String property(Finding finding) {
    return finding.violation().map(Violation::property).orElse("");
  }

  private static String effort(CheckResult result) {
    return (result.isComplete() ? "all " : "")
        + result.effort().states()
        + " states were searched";
  }

  static AssertionFailedError failure(String message) {
    return new AssertionFailedError(message);
  }
}
