package shootdown.host.compare;

import static shootdown.litmus.Condition.Quantifier.FORALL;

import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import shootdown.host.run.Evidence.Eviction;
import shootdown.host.run.HostResult;
import shootdown.host.worker.Functions;
import shootdown.litmus.Condition;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Printer;
import shootdown.litmus.SystemCall;

/// Writes a run as litmus7 does: a histogram, the witnesses, the observation; then what the model
/// says to it.
///
/// What differs: `Host=` and `Model=` stand where litmus7 has hashes. An outcome that the model
/// does not allow is marked with `!`.
public final class HostReport {
  private static final int MOST_NOT_SEEN = 20;
  private static final String SO_NOTHING_IS_SEEN =
      ", so a write that is lost on its way to a disk cannot be seen (a folder on a disk: --dir)";

  private final LitmusTest test;
  private final HostResult result;
  private final Predicate<String> satisfies;
  private final StringBuilder out = new StringBuilder();

  private HostReport(LitmusTest test, HostResult result, Predicate<String> satisfies) {
    this.test = test;
    this.result = result;
    this.satisfies = satisfies;
  }

  /// The text.
  ///
  /// @param satisfies whether the condition's proposition holds of an outcome
  /// @param comparison with the model
  /// @param model the kernel and the machine that the model was
  /// @param doubt why the model does not know all outcomes; empty if it does
  /// @param kernel this machine's kernel
  public static String of(
      LitmusTest test,
      HostResult result,
      Predicate<String> satisfies,
      Comparison comparison,
      String model,
      String doubt,
      String kernel) {
    var report = new HostReport(test, result, satisfies);
    report.histogram(comparison);
    report.condition(comparison, doubt);
    report.host(kernel);
    report.model(comparison, model, doubt);
    report.line("");
    return report.out.toString();
  }

  private void histogram(Comparison comparison) {
    line("Test " + test.name() + " " + kind());
    SortedMap<String, Long> all = new TreeMap<>(comparison.seen());
    all.putAll(comparison.notAllowed());
    line("Histogram (" + all.size() + " states)");
    all.forEach(
        (text, count) ->
            line(
                String.format(
                    Locale.ROOT,
                    "%-8d%s%c>%s",
                    count,
                    comparison.notAllowed().containsKey(text) ? "!" : " ",
                    satisfies.test(text) ? '*' : ':',
                    text)));
  }

  private String kind() {
    return switch (quantifier()) {
      case EXISTS -> "Allowed";
      case NOT_EXISTS -> "Forbidden";
      case FORALL -> "Required";
    };
  }

  private Condition.Quantifier quantifier() {
    return test.condition() instanceof Condition.Over(var quantifier, _, _)
        ? quantifier
        : Condition.Quantifier.FORALL;
  }

  private void condition(Comparison comparison, String doubt) {
    boolean none = test.condition() instanceof Condition.None;
    long positive = 0;
    long all = 0;
    for (var entry : result.outcomes().entrySet()) {
      all += entry.getValue();
      positive += none || satisfies.test(entry.getKey()) ? entry.getValue() : 0;
    }
    long negative = all - positive;
    boolean validated =
        switch (quantifier()) {
          case EXISTS -> positive > 0;
          case NOT_EXISTS -> positive == 0;
          case FORALL -> negative == 0;
        };
    line(validated ? "Ok" : "No");
    line("Witnesses");
    boolean turned = quantifier() == Condition.Quantifier.NOT_EXISTS;
    line("Positive: " + (turned ? negative : positive)
        + ", Negative: " + (turned ? positive : negative));
    line("Condition " + (none ? "forall (true)" : Printer.print(test.condition()))
        + " is " + (validated ? "" : "NOT ") + "validated");
    String observation = positive == 0 ? "Never" : negative == 0 ? "Always" : "Sometimes";
    line("Observation " + test.name() + " " + observation + " " + positive + " " + negative);
    line(String.format(Locale.ROOT, "Time %s %.2f", test.name(), result.seconds()));
    if (!none) {
      boolean opposite = quantifier() == FORALL;
      line(
          "Meaning="
              + meaning(
                  opposite ? negative : positive, opposite ? positive : negative, comparison,
                  doubt));
    }
  }

  /// For people what the lines before, "NOT validated" among them, say to tools.
  private String meaning(long seen, long other, Comparison comparison, String doubt) {
    boolean allowed =
        Stream.concat(comparison.seen().keySet().stream(), comparison.notSeen().stream())
            .anyMatch(outcome -> satisfies.test(outcome) == (quantifier() != FORALL));
    String what =
        switch (quantifier()) {
          case EXISTS -> "what the test asks for";
          case NOT_EXISTS -> "what the test says never happens";
          case FORALL -> "the opposite of what the test says always holds";
        };
    return String.format(
        Locale.ROOT,
        "%s was %sseen here in %,d %s, and the model %s",
        what, seen > 0 ? "" : "not ", seen > 0 ? seen : other,
        (seen > 0 ? seen : other) == 1 ? "round" : "rounds",
        allowed ? "allows it" : doubt.isEmpty() ? "rules it out" : "does not know all");
  }

  private void host(String kernel) {
    var text = new StringBuilder("Host=" + kernel);
    text.append(
        String.format(
            Locale.ROOT,
            ", %,d rounds, %,.0f a second",
            result.rounds(), result.rounds() / result.seconds()));
    result.fileSystem().ifPresent(name -> text.append(", files on ").append(name));
    if (result.restarts() > 0) {
      text.append(", ").append(result.restarts()).append(" rounds that never ended");
    }
    line(text.toString());
    if (!result.deaths().isEmpty()) {
      line(
          "Worker=was started anew " + result.deaths().size() + " times; the first time, "
              + result.deaths().getFirst());
    }
    work();
    eviction();
  }

  /// Whether the kernel did what it was asked for.
  private void work() {
    for (var work : result.evidence().work()) {
      line(
          work.done() > 0
              ? String.format(
                  Locale.ROOT, "Work=%s: %,d %s (%s)",
                  work.function(), work.done(), work.what(), work.source())
              : "Work=" + work.function() + ": NONE done (" + work.source()
                  + "), so rounds show nothing about it");
    }
  }

  /// Whether what the test drops from the page cache is dropped.
  private void eviction() {
    if (!Functions.in(test).contains(SystemCall.POSIX_FADVISE)
        || result.fileSystem().isEmpty()) {
      return;
    }
    result.evidence().eviction().ifPresent(this::eviction);
    result.evidence().readBytes().ifPresent(
        bytes -> {
          double pages = bytes / 4096.0 / Math.max(1, result.rounds());
          line(
              pages > 0
                  ? String.format(
                      Locale.ROOT, "Eviction=verified: %.2f pages read from the disk in a round",
                      pages)
                  : "Eviction=NONE: nothing was read from a disk" + SO_NOTHING_IS_SEEN);
        });
  }

  private void eviction(Eviction eviction) {
    if (eviction.trials() == 0) {
      line("Eviction=NOT KNOWN: nothing was in the page cache when it was looked for");
      return;
    }
    line(
        String.format(
            Locale.ROOT,
            "Eviction=%s: a clean page was dropped in %,d of %,d trials",
            eviction.dropped() > 0 ? "verified" : "NONE", eviction.dropped(), eviction.trials())
            + (eviction.dropped() > 0
                ? String.format(
                    Locale.ROOT, "; the test itself read what was dropped %,d times",
                    eviction.missed())
                : SO_NOTHING_IS_SEEN));
  }

  private void model(Comparison comparison, String model, String doubt) {
    var text = new StringBuilder("Model=" + model + ": ");
    if (!doubt.isEmpty()) {
      text.append("not all outcomes are known (").append(doubt).append("); ");
    }
    text.append(comparison.agrees() ? "all that was seen is allowed" : "");
    if (!comparison.agrees()) {
      text.append(comparison.notAllowed().size()).append(" of the outcomes seen are NOT ALLOWED");
    }
    line(text.toString());
    comparison.notAllowed().keySet().forEach(o -> nearest(o, comparison));
    if (!comparison.notSeen().isEmpty()) {
      line("Allowed and not seen: " + comparison.notSeen().size());
      comparison.notSeen().stream().limit(MOST_NOT_SEEN).forEach(o -> line("          " + o));
      if (comparison.notSeen().size() > MOST_NOT_SEEN) {
        line("          and " + (comparison.notSeen().size() - MOST_NOT_SEEN) + " more");
      }
    }
  }

  private void nearest(String seen, Comparison comparison) {
    line("NOT ALLOWED: " + seen);
    comparison.nearest(seen).ifPresent(allowed -> line("the nearest allowed: " + allowed));
    var trace = result.traces().getOrDefault(seen, List.of());
    if (!trace.isEmpty()) {
      line("One such round, by the time-stamp counter: begin + ticks, statement = what it gave");
      trace.forEach(this::line);
    }
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
