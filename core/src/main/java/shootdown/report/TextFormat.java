package shootdown.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shootdown.model.TestResult;
import shootdown.model.Violated;

/// A line for each result, for people:
///
/// ```text
/// ok    mremap+mkclean  v4.9-rc5  x86-64        12,345 states    0.2 s  Sometimes, lost write
/// FAIL  mremap+mkclean  v4.9-rc6  x86-64        20,000 states    0.3 s  Sometimes (expected Never)
/// ?     mremap+mkclean  latest    x86-64     1,000,000 states   20.1 s  Unknown: 1,000,000 states
/// ```
///
/// Below it the counterexample, where it is to be drawn, and one last line with the numbers.
public final class TextFormat implements Format {
  /// Which counterexamples are drawn.
  public enum Drawing {
    /// those of results that differ from what is expected
    DIFFERING,
    /// all
    ALL,
    /// all, and all outcomes are listed
    EVERYTHING
  }

  /// How wide the columns are that all lines share, in characters.
  public record Widths(int test, int kernel, int machine) {
    public static final Widths NONE = new Widths(0, 0, 0);

    /// Room for one more line.
    public Widths fitting(String aTest, String aKernel, String aMachine) {
      return new Widths(
          Math.max(test, Wrap.width(aTest)),
          Math.max(kernel, Wrap.width(aKernel)),
          Math.max(machine, Wrap.width(aMachine)));
    }
  }

  private final Widths widths;
  private final Drawing drawing;
  private final Paint paint;
  private final Tally tally = new Tally();
  private int notDrawn;

  public TextFormat(Widths widths, Drawing drawing, Paint paint) {
    this.widths = widths;
    this.drawing = drawing;
    this.paint = paint;
  }

  @Override
  public String begin() {
    return "";
  }

  @Override
  public String next(TestResult result) {
    tally.add(result);
    var text = new StringBuilder(line(result)).append('\n');
    if (drawing == Drawing.EVERYTHING) {
      outcomes(result).forEach(line -> text.append(line).append('\n'));
    }
    if (draws(result)) {
      result.counterexample().map(execution -> drawn(result, execution)).ifPresent(text::append);
    } else if (result.hasCounterexample()) {
      notDrawn++;
    }
    return text.toString();
  }

  @Override
  public String end(double seconds) {
    String hint =
        notDrawn == 0
            ? ""
            : "(%s not drawn: --trace draws all)\n"
                .formatted(Numbers.count(notDrawn, "counterexample"));
    return tally.text(seconds) + "\n" + hint;
  }

  private String line(TestResult result) {
    Standing standing = Standing.of(result);
    return (paint.standing(standing, "%-4s".formatted(standing.label()))
            + "  " + left(result.test(), widths.test())
            + "  " + left(result.kernel(), widths.kernel())
            + "  " + left(result.machine(), widths.machine())
            + "  %13s".formatted(Numbers.grouped(result.effort().states()))
            + (result.effort().states() == 1 ? " state " : " states")
            + "  %7s".formatted(Numbers.seconds(result.effort().seconds()))
            + "  " + Wording.finding(result) + Wording.difference(result))
        .stripTrailing();
  }

  private static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - Wrap.width(text)));
  }

  @Override
  public boolean draws(TestResult result) {
    return drawing != Drawing.DIFFERING || Standing.of(result) == Standing.DIFFERS;
  }

  private static List<String> outcomes(TestResult result) {
    var lines = new ArrayList<String>();
    lines.add("");
    lines.add(
        result.condition().map(c -> "Ways to end, * those in question: " + c)
            .orElse("Ways to end:"));
    for (var ending : result.endings()) {
      lines.add((ending.satisfies() ? "  * " : "    ") + ending.text());
    }
    if (result.endings().isEmpty()) {
      lines.add(
          result.isComplete() && result.violations().isEmpty() && !result.isReplay()
              ? "    none: no run ends, for a thread stays in a `while` for ever"
              : "    none was seen");
    }
    for (Violated violated : result.violations()) {
      lines.addAll(
          Wrap.lines(violated.oracle() + ": " + violated.message(), Diagram.WIDTH, Diagram.WIDTH));
    }
    return lines;
  }

  /// The diagram, then the command that shows the same again.
  static String drawn(TestResult result, TestResult.Execution execution) {
    Stream<String> replay = Replay.lines(result, execution.schedule(), Diagram.WIDTH).stream();
    return "\n" + Diagram.draw(execution) + "\n"
        + replay.map(line -> line + "\n").collect(Collectors.joining()) + "\n";
  }
}
