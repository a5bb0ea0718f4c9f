package shootdown.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shootdown.check.Interval;
import shootdown.check.Tally;
import shootdown.check.Window;
import shootdown.model.TestResult;
import shootdown.model.Violated;
import shootdown.model.odds.Estimator;
import shootdown.model.odds.Odds;

/// Estimates for readers.
public final class OddsText implements OddsFormat {
  private static final double SMALL = 1e-3;

  private String separator = "";

  @Override
  public String begin() {
    return "";
  }

  @Override
  public String next(Odds odds) {
    var lines = new ArrayList<String>();
    var explored = odds.explored();
    lines.add(
        explored.test() + " on " + explored.kernel() + ", " + explored.machine() + ": "
            + what(explored));
    if (Estimator.isNever(explored)) {
      lines.add("  never: all " + Numbers.count(explored.effort().states(), "state")
          + " were explored");
    } else {
      odds.bare().ifPresent(bare -> bare(odds, bare, lines));
      tried(odds, lines);
      odds.widened().ifPresent(tally -> widened(odds, tally, lines));
      lines.add("");
      lines.add("  again: " + again(odds));
    }
    String text = separator + String.join("\n", lines) + "\n";
    separator = "\n";
    return text;
  }

  @Override
  public String end() {
    return "";
  }

  private static String what(TestResult explored) {
    var parts =
        Stream.concat(
                explored.condition().stream(), explored.violations().stream().map(Violated::oracle))
            .collect(Collectors.joining(", "));
    return parts.isEmpty() ? "any oracle" : parts;
  }

  private static void bare(Odds odds, Tally bare, List<String> lines) {
    lines.add("  without a window  " + result(bare));
    odds.rare()
        .ifPresent(
            rare ->
                lines.add(
                    "    about " + range(rare.probability()) + ", from preemptions made "
                        + Numbers.grouped(Math.round(rare.boost()))
                        + " times as frequent as they are,\n    each round weighed: "
                        + Numbers.grouped(rare.hits()) + " of "
                        + Numbers.count(rare.rounds(), "round")
                        + " (normal approximation)"));
    if (odds.limited()) {
      lines.add("    some rounds met a limit of the model and hit nothing");
    }
    if (bare.cutShort() > 0) {
      lines.add(
          "    " + Numbers.count(bare.cutShort(), "round") + " went on for too long: no hits");
    }
    if (!Estimator.isPossible(odds.explored()) && bare.hits() == 0) {
      lines.add("    not all was explored, so it may as well never happen");
    }
  }

  private static void tried(Odds odds, List<String> lines) {
    if (odds.tried().isEmpty()) {
      return;
    }
    if (odds.widened().isEmpty()) {
      lines.add("  no place of the execution that check shows makes it more frequent");
      return;
    }
    var helping = odds.tried().stream().filter(t -> t.tally().hits() > 0).toList();
    int width = helping.stream().mapToInt(t -> name(t.window()).length()).max().orElse(0);
    lines.add("");
    lines.add("  the best places to stay at for " + time(helping.getFirst().window().nanos()));
    for (var tried : helping) {
      lines.add(
          "    " + name(tried.window()) + " ".repeat(width - name(tried.window()).length()) + "  "
              + result(tried.tally()));
    }
  }

  private static void widened(Odds odds, Tally tally, List<String> lines) {
    lines.add("");
    lines.add(
        "  with " + odds.windows().stream().map(OddsText::option).collect(Collectors.joining(" ")));
    lines.add("    " + result(tally));
    lines.add(
        "    " + Numbers.grouped(tally.passed()) + " of them came by; a round takes "
            + time(tally.meanNanos()) + " of simulated time, without a window "
            + odds.bare().map(t -> time(t.meanNanos())).orElse("-"));
  }

  private static String result(Tally tally) {
    var interval = tally.interval();
    var count = Numbers.grouped(tally.hits()) + " of " + Numbers.count(tally.rounds(), "round");
    return tally.hits() == 0
        ? count + ": at most " + share(interval.high())
        : count + ": " + range(interval);
  }

  /// `1.2 % (1.1 % .. 1.3 %)`
  static String range(Interval interval) {
    return share(interval.estimate()) + " (" + share(interval.low()) + " .. "
        + share(interval.high()) + ")";
  }

  private static String share(double p) {
    return p < SMALL && p > 0
        ? String.format(Locale.ROOT, "%.1e", p)
        : String.format(Locale.ROOT, "%.2f %%", 100 * p);
  }

  private static String name(Window window) {
    return window.site().replace('/', ':')
        + (window.place() == Window.Place.AFTER ? ":after" : "");
  }

  private static String option(Window window) {
    return "--window " + name(window) + "=" + time(window.nanos()).replace(" ", "");
  }

  private static String time(double nanos) {
    if (nanos < 1e3) {
      return rounded(nanos) + " ns";
    }
    if (nanos < 1e6) {
      return rounded(nanos / 1e3) + " us";
    }
    return nanos < 1e9 ? rounded(nanos / 1e6) + " ms" : rounded(nanos / 1e9) + " s";
  }

  private static String rounded(double amount) {
    return amount == Math.rint(amount) || amount >= 100
        ? String.format(Locale.ROOT, "%.0f", amount)
        : String.format(Locale.ROOT, "%.1f", amount);
  }

  /// The command that repeats the longest of the estimates; the others are as good or better.
  static String again(Odds odds) {
    long rounds =
        Stream.concat(odds.bare().stream(), odds.widened().stream())
            .mapToLong(Tally::rounds)
            .max()
            .orElse(0);
    var explored = odds.explored();
    double pause = odds.request().pauseNanos();
    return Replay.command(explored.file(), explored.kernel(), explored.machine())
            .replaceFirst(" check ", " odds ")
        + odds.windows().stream().map(w -> " " + option(w)).collect(Collectors.joining())
        + (pause > 0 ? " --pause " + time(pause).replace(" ", "") : "")
        + " --runs " + rounds + " --seed " + odds.request().seed();
  }
}
