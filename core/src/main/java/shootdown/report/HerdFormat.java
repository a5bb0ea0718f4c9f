package shootdown.report;

import java.util.List;
import java.util.Locale;
import shootdown.litmus.Condition.Quantifier;
import shootdown.model.Ending;
import shootdown.model.Observation;
import shootdown.model.TestResult;
import shootdown.model.Violated;

/// Blocks as herd7 prints them, for tools that read the logs of herd7 and litmus7.
///
/// What differs in meaning: `States` and `Witnesses` count ways in which the test ends, not
/// executions. Violated oracles are `Flag` lines, as herd7 writes data races. `Kernel=` and
/// `Machine=` stand where `Hash=` does. What is not decided says `??` instead of `Ok` or `No`, the
/// observation `Unknown`, and a line `Incomplete=` with the reason. A test without a condition is
/// taken for `forall (true)`, as herd7 does; it is `Ok` if no oracle is violated.
public final class HerdFormat implements Format {
  private static final String NO_CONDITION = "forall (true)";

  @Override
  public String begin() {
    return "";
  }

  @Override
  public boolean draws(TestResult result) {
    return false;
  }

  @Override
  public String next(TestResult result) {
    var out = new StringBuilder();
    line(out, "Test " + result.test() + " " + kind(result));
    line(out, "States " + result.endings().size());
    result.endings().forEach(ending -> line(out, ending.text()));
    line(out, validation(result));
    line(out, "Witnesses");
    long with = satisfying(result);
    long without = result.endings().size() - with;
    boolean turned = quantifier(result).equals(Quantifier.NOT_EXISTS.label());
    line(
        out,
        "Positive: " + (turned ? without : with) + " Negative: " + (turned ? with : without));
    for (Violated violated : result.violations()) {
      line(out, "Flag " + violated.oracle().replace(' ', '-'));
    }
    line(out, "Condition " + result.condition().orElse(NO_CONDITION));
    line(
        out,
        "Observation %s %s %d %d"
            .formatted(result.test(), observation(result).label(), with, without));
    line(out, "Time " + result.test() + " " + Numbers.hundredths(result.effort().seconds()));
    line(out, "Kernel=" + result.kernel());
    line(out, "Machine=" + result.machine());
    result.incomplete().ifPresent(why -> line(out, "Incomplete=" + why));
    line(out, "");
    return out.toString();
  }

  @Override
  public String end(double seconds) {
    return "";
  }

  private static void line(StringBuilder out, String text) {
    out.append(text.replace('\n', ' ')).append('\n');
  }

  private static String kind(TestResult result) {
    return switch (quantifier(result)) {
      case "exists" -> "Allowed";
      case "~exists" -> "Forbidden";
      default -> "Required";
    };
  }

  private static String validation(TestResult result) {
    long with = satisfying(result);
    long without = result.endings().size() - with;
    boolean all = result.isComplete();
    return switch (quantifier(result)) {
      case "exists" -> with > 0 ? "Ok" : undecidedUnless(all, "No");
      case "~exists" -> with > 0 ? "No" : undecidedUnless(all, "Ok");
      default -> {
        boolean broken =
            result.condition().isPresent() ? without > 0 : !result.violations().isEmpty();
        yield broken ? "No" : undecidedUnless(all, "Ok");
      }
    };
  }

  private static String undecidedUnless(boolean complete, String validation) {
    return complete ? validation : "??";
  }

  private static Observation observation(TestResult result) {
    return result
        .observation()
        .orElseGet(
            () -> {
              if (!result.isComplete()) {
                return Observation.UNKNOWN;
              }
              return result.endings().isEmpty() ? Observation.NEVER : Observation.ALWAYS;
            });
  }

  /// Ways to end in which the proposition holds; `true` holds in all.
  private static long satisfying(TestResult result) {
    List<Ending> endings = result.endings();
    return result.condition().isEmpty()
        ? endings.size()
        : endings.stream().filter(Ending::satisfies).count();
  }

  private static String quantifier(TestResult result) {
    return result.condition().orElse(NO_CONDITION).split("[ (]", 2)[0].toLowerCase(Locale.ROOT);
  }
}
