package shootdown.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import shootdown.model.TestResult;

/// An XML file as JUnit's runners write it and build servers read it: a suite for each file, a case
/// for each kernel and machine.
///
/// ```text
/// standing        case
/// as-stated       passed
/// nothing-wrong   passed
/// differs         <failure>, with the counterexample as it is drawn
/// undecided       <error>: what was not explored is not passed
/// (broken off)    <error>
/// ```
///
/// Times are CPU seconds.
public final class JunitFormat implements Format {
  private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

  private final Map<String, Suite> suites = new LinkedHashMap<>();

  /// Cases and numbers of one file, or of all.
  private static final class Suite {
    private final StringBuilder cases = new StringBuilder();
    private int tests;
    private int failures;
    private int errors;
    private double seconds;

    String numbers() {
      return "tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"0\" time=\"%s\""
          .formatted(tests, failures, errors, time(seconds));
    }
  }

  @Override
  public String begin() {
    return "";
  }

  @Override
  public boolean draws(TestResult result) {
    return Standing.of(result) == Standing.DIFFERS;
  }

  @Override
  public String next(TestResult result) {
    var suite = suite(result.file());
    suite.seconds += result.effort().seconds();
    var head =
        head(result.test(), result.kernel(), result.machine(), result.effort().seconds());
    switch (Standing.of(result)) {
      case AS_STATED, NOTHING_WRONG -> suite.cases.append(head).append("/>\n");
      case DIFFERS -> {
        suite.failures++;
        add(suite, head, "failure", message(result), details(result));
      }
      case UNDECIDED -> {
        suite.errors++;
        add(suite, head, "error", message(result), "");
      }
    }
    return "";
  }

  @Override
  public String lost(Lost run) {
    var suite = suite(run.file());
    suite.errors++;
    add(suite, head(run.test(), run.kernel(), run.machine(), 0), "error", run.why(), "");
    return "";
  }

  @Override
  public String end(double seconds) {
    var all = new Suite();
    suites.forEach(
        (file, suite) -> {
          all.tests += suite.tests;
          all.failures += suite.failures;
          all.errors += suite.errors;
          all.seconds += suite.seconds;
          all.cases
              .append("  <testsuite name=\"%s\" %s>\n".formatted(Markup.of(file), suite.numbers()))
              .append(suite.cases)
              .append("  </testsuite>\n");
        });
    return HEAD + "<testsuites name=\"shootdown check\" " + all.numbers() + ">\n" + all.cases
        + "</testsuites>\n";
  }

  private Suite suite(String file) {
    var suite = suites.computeIfAbsent(file, _ -> new Suite());
    suite.tests++;
    return suite;
  }

  private static String head(String test, String kernel, String machine, double seconds) {
    return "    <testcase classname=\"%s\" name=\"%s\" time=\"%s\""
        .formatted(Markup.of(test), Markup.of(kernel + " " + machine), time(seconds));
  }

  private static void add(
      Suite suite, String head, String element, String message, String details) {
    suite.cases
        .append(head)
        .append(">\n      <%s message=\"%s\">".formatted(element, Markup.of(message)))
        .append(Markup.of(details))
        .append("</%s>\n    </testcase>\n".formatted(element));
  }

  private static String message(TestResult result) {
    return Wording.finding(result) + Wording.difference(result);
  }

  private static String details(TestResult result) {
    return result
        .counterexample()
        .map(shown -> "\n" + TextFormat.drawn(result, shown))
        .orElse("");
  }

  private static String time(double seconds) {
    return String.format(Locale.ROOT, "%.3f", seconds);
  }
}
