package shootdown.model.coverage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import shootdown.kernel.data.LockOrder;

/// `docs/COVERAGE.md`.
public final class CoverageTable {
  private static final String HEAD =
      """
      # Coverage

      Written by `./shootdown coverage --write`; do not edit. What of Linux is modelled, from the
      `@Models` of the code; what is left out, from [left-out.txt](left-out.txt); and which litmus
      tests run it. A test runs a function if it performs an operation in it, on one of the kernels
      and machines that the test names, within its first 100,000 states. A function that looks at
      nothing shared performs none: `-`.
      """;

  private static final int MOST_NAMES = 3;

  private CoverageTable() {}

  /// The page.
  ///
  /// @param tests what each test runs
  public static String of(
      List<Modelled> modelled, List<LeftOut> leftOut, List<TestCoverage> tests) {
    var text = new StringBuilder(HEAD);
    text.append('\n').append(summary(modelled, leftOut)).append(".\n");
    text.append("\n## Lock order\n\n");
    text.append(
        "Outermost first. A task takes a lock only while all that it holds stand above it, or in\n"
            + "the same line where several are allowed; one that may sleep, under no spin lock. "
            + "That is\nchecked at each lock that is taken, and a violation is a kernel bug.\n\n");
    text.append("| lock | in Linux | waits | several | protects |\n|---|---|---|---|---|\n");
    for (var lock : LockOrder.values()) {
      var kind = lock.lockClass();
      text.append("| `" + kind.name() + "` | `" + lock.linux() + "` | "
          + (kind.sleeps() ? "sleeps" : "spins") + " | " + (kind.nests() ? "yes" : "no") + " | "
          + lock.protects() + " |\n");
    }
    text.append("\n## Modelled whole\n\n");
    functions(text, modelled.stream().filter(m -> m.leavesOut().isEmpty()).toList(), tests);
    text.append("\n## Modelled in part\n\n");
    functions(text, modelled.stream().filter(m -> !m.leavesOut().isEmpty()).toList(), tests);
    text.append("\n## Left out\n");
    leftOut(text, leftOut);
    return text.toString();
  }

  /// One line that sums up.
  public static String summary(List<Modelled> modelled, List<LeftOut> leftOut) {
    long whole = modelled.stream().filter(m -> m.leavesOut().isEmpty()).count();
    return whole + " functions are modelled whole, " + (modelled.size() - whole)
        + " in part; " + leftOut.size() + " are left out by name";
  }

  private static void functions(
      StringBuilder text, List<Modelled> functions, List<TestCoverage> tests) {
    text.append("| function | in Java | leaves out | tests |\n|---|---|---|---|\n");
    for (var function : functions) {
      text.append(row(function)).append(ran(function, tests)).append(" |\n");
    }
  }

  private static String row(Modelled function) {
    return "| `" + function.function() + "` of " + function.file() + " | `" + function.place()
        + "` | " + function.leavesOut().replace("|", "\\|") + " | ";
  }

  /// How many, and those that run least, which are most about it.
  private static String ran(Modelled function, List<TestCoverage> tests) {
    var ran =
        tests.stream()
            .filter(t -> function.isAmong(t.methods()))
            .sorted(
                Comparator.comparingInt((TestCoverage t) -> t.methods().size())
                    .thenComparing(TestCoverage::file))
            .toList();
    if (ran.isEmpty()) {
      return "-";
    }
    return ran.size() + ": "
        + ran.stream()
            .limit(MOST_NAMES)
            .map(t -> "`" + name(t.file()) + "`")
            .collect(Collectors.joining(", "))
        + (ran.size() > MOST_NAMES ? " …" : "");
  }

  private static String name(String file) {
    return file.replaceFirst("^.*?litmus/", "").replaceFirst("\\.litmus$", "");
  }

  private static void leftOut(StringBuilder text, List<LeftOut> leftOut) {
    Map<String, Map<String, List<String>>> byReason = new LinkedHashMap<>();
    for (var one : leftOut) {
      byReason
          .computeIfAbsent(one.reason(), _ -> new TreeMap<>())
          .computeIfAbsent(one.file(), _ -> new ArrayList<>())
          .add("`" + one.function() + "`");
    }
    byReason.forEach(
        (reason, files) -> {
          text.append('\n').append(reason).append("\n\n");
          files.forEach(
              (file, functions) ->
                  text.append("- " + file + ": " + String.join(", ", functions) + "\n"));
        });
  }

  /// The page without what takes running the tests: equal for pages that say the same of the code.
  public static List<String> withoutTests(String page) {
    return page.lines()
        .map(line -> isRow(line) ? line.replaceFirst("[^|]*\\|$", "|") : line)
        .toList();
  }

  /// The page with the tests that an older one has; what is new is not looked at yet.
  public static String withTestsOf(String older, String page) {
    Map<String, String> ran = new TreeMap<>();
    older.lines().filter(CoverageTable::isRow).forEach(l -> ran.put(key(l), tests(l)));
    return page.lines()
        .map(
            line ->
                isRow(line)
                    ? line.substring(0, line.length() - tests(line).length())
                        + ran.getOrDefault(key(line), " not looked at yet |")
                    : line)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static boolean isRow(String line) {
    return line.startsWith("| `") && line.contains("` of ");
  }

  /// Function and place.
  private static String key(String row) {
    return row.substring(0, row.indexOf(" | ", row.indexOf(" | ") + 1));
  }

  private static String tests(String row) {
    return row.substring(row.lastIndexOf('|', row.length() - 2) + 1);
  }

  /// What is both modelled and left out.
  public static List<String> contradictions(List<Modelled> modelled, List<LeftOut> leftOut) {
    return leftOut.stream()
        .filter(
            one ->
                modelled.stream()
                    .anyMatch(
                        m ->
                            m.file().equals(one.file()) && m.function().equals(one.function())))
        .map(one -> one.file() + ": " + one.function())
        .toList();
  }
}
