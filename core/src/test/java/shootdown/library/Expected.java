package shootdown.library;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import shootdown.model.TestResult;
import shootdown.model.Violated;
import shootdown.report.Diagram;

/// What the runs of a test gave, as its `.expected` file says it: no times, nothing that depends
/// on the machine that it ran on.
///
/// ```text
/// v6.1 x86-64: Sometimes, lost write
///   0:sig=0; 0:r1=1; *
///   0:sig=0; 0:r1=2;
///   states 2405
/// ```
///
/// A star marks an ending that satisfies the condition. States stand there where they are few.
final class Expected {
  /// More states than this are not told: they are what changes with every change of the kernel.
  private static final long MOST_STATES = 5_000;

  private static final Pattern STATES = Pattern.compile("^  states (\\d+)\\R?", Pattern.MULTILINE);

  private Expected() {}

  /// @param diagrams whether the first run that violates some oracles is drawn, for each such set
  static String text(List<TestResult> results, boolean diagrams) {
    var drawn = new HashSet<String>();
    var text = new StringJoiner("\n");
    for (var result : results) {
      boolean draws =
          diagrams && !result.violations().isEmpty() && drawn.add(oracles(result));
      text.add(one(result) + (draws ? result.counterexample().map(Diagram::draw).get() : ""));
    }
    return text.toString();
  }

  private static String one(TestResult result) {
    var text = new StringBuilder();
    text.append(result.kernel()).append(' ').append(result.machine());
    text.append(": ").append(verdict(result)).append('\n');
    result.incomplete().ifPresent(why -> text.append("  not decided: ").append(why).append('\n'));
    for (var ending : result.endings()) {
      text.append("  ").append(ending.text().isEmpty() ? "(an end)" : ending.text());
      text.append(ending.satisfies() ? " *\n" : "\n");
    }
    if (result.effort().states() < MOST_STATES) {
      text.append("  states ").append(result.effort().states()).append('\n');
    }
    return text.toString();
  }

  private static String verdict(TestResult result) {
    var oracles = oracles(result);
    var observation = result.observation().map(o -> o.label());
    if (observation.isEmpty()) {
      return oracles.isEmpty() ? "Clean" : oracles;
    }
    return observation.get() + (oracles.isEmpty() ? "" : ", " + oracles);
  }

  private static String oracles(TestResult result) {
    return result.violations().stream().map(Violated::oracle).collect(Collectors.joining(", "));
  }

  /// What is different; empty if nothing is. The number of states may be up to a half more or less,
  /// so that not every change to the kernel is a change here.
  static Optional<String> difference(String expected, String actual) {
    if (!STATES.matcher(expected).replaceAll("").equals(STATES.matcher(actual).replaceAll(""))) {
      return Optional.of("not as expected");
    }
    var before = states(expected);
    var now = states(actual);
    for (int i = 0; i < Math.min(before.size(), now.size()); i++) {
      if (now.get(i) * 2 > before.get(i) * 3 || now.get(i) * 3 < before.get(i) * 2) {
        return Optional.of("from " + before.get(i) + " to " + now.get(i) + " states");
      }
    }
    return Optional.empty();
  }

  private static List<Long> states(String text) {
    return STATES.matcher(text).results().map(m -> Long.parseLong(m.group(1))).toList();
  }
}
