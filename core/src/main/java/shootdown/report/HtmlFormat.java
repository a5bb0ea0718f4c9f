package shootdown.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import shootdown.model.Ending;
import shootdown.model.TestResult;
import shootdown.model.TestResult.Execution;
import shootdown.model.Violated;

/// One page that needs nothing else, no script either: a line for each run, which opens to its ends
/// and its counterexample. The first is open, and those that differ from what their test states.
public final class HtmlFormat implements Format {
  private static final String STYLE = "page.css";
  private static final String LINE =
      "<span class=\"%s\">%s</span><b>%s</b><span>%s</span><span>%s</span>"
          + "<span class=\"numbers\">%s</span><span>%s</span>";

  private final Tally tally = new Tally();
  private boolean isFirst = true;

  @Override
  public String begin() {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Shootdown</title>
        <style>
        """
        + style()
        + "</style>\n</head>\n<body>\n<h1>shootdown check</h1>\n";
  }

  private static String style() {
    try (InputStream in = HtmlFormat.class.getResourceAsStream(STYLE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean draws(TestResult result) {
    return true;
  }

  @Override
  public String next(TestResult result) {
    tally.add(result);
    var standing = Standing.of(result);
    var text = new StringBuilder();
    text.append(isFirst || standing == Standing.DIFFERS ? "<details open=\"\">" : "<details>");
    isFirst = false;
    text.append("<summary>").append(line(result, standing)).append("</summary>\n");
    text.append("<div class=\"run\">\n<p>").append(Markup.of(result.file())).append("</p>\n");
    ends(result, text);
    result.counterexample().ifPresent(execution -> shown(result, execution, text));
    return text.append("</div>\n</details>\n").toString();
  }

  private static String line(TestResult result, Standing standing) {
    return LINE.formatted(
        colour(standing),
        standing.label(),
        Markup.of(result.test()),
        Markup.of(result.kernel()),
        Markup.of(result.machine()),
        Numbers.count(result.effort().states(), "state"),
        Markup.of(Wording.finding(result) + Wording.difference(result)));
  }

  private static String colour(Standing standing) {
    return switch (standing) {
      case AS_STATED, NOTHING_WRONG -> "ok";
      case DIFFERS -> "fail";
      case UNDECIDED -> "open";
    };
  }

  private static void ends(TestResult result, StringBuilder text) {
    text.append("<h2>Ways to end</h2>\n");
    result
        .condition()
        .ifPresent(
            condition ->
                text.append("<p>In bold those in question: <code>")
                    .append(Markup.of(condition))
                    .append("</code></p>\n"));
    text.append("<ul>\n");
    for (Ending ending : result.endings()) {
      text.append(ending.satisfies() ? "<li class=\"asked\">" : "<li>")
          .append("<code>").append(Markup.of(ending.text())).append("</code></li>\n");
    }
    if (result.endings().isEmpty()) {
      text.append("<li>none was seen</li>\n");
    }
    text.append("</ul>\n");
    for (Violated violated : result.violations()) {
      text.append("<p><b class=\"fail\">").append(Markup.of(violated.oracle())).append("</b>: ")
          .append(Markup.of(violated.message())).append("</p>\n");
    }
  }

  private static void shown(TestResult result, Execution execution, StringBuilder text) {
    text.append("<h2>How</h2>\n").append(new HtmlDiagram(execution).text());
    text.append("<pre>")
        .append(Markup.of(Replay.oneLine(result, execution.schedule())))
        .append("</pre>\n");
  }

  @Override
  public String lost(Lost run) {
    return "<details open=\"\"><summary>"
        + LINE.formatted(
            "fail", "BUG", Markup.of(run.test()), Markup.of(run.kernel()),
            Markup.of(run.machine()), "", "broke off")
        + "</summary><pre>" + Markup.of(run.why()) + "</pre></details>\n";
  }

  @Override
  public String end(double seconds) {
    return "<p>" + tally.text(seconds) + "</p>\n</body>\n</html>\n";
  }
}
