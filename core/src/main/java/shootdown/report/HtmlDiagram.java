package shootdown.report;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import shootdown.model.TestResult.Execution;

/// An execution as a table of HTML: the diagram of [Diagram], a column for each task.
final class HtmlDiagram {
  private static final int ROOM = 60;
  private static final double INDENT = 1.2;

  private final Execution execution;
  private final Script script;
  private final List<Integer> tasks;
  private final StringBuilder text = new StringBuilder();

  HtmlDiagram(Execution execution) {
    this.execution = execution;
    this.script = new Script(execution, _ -> ROOM);
    var active = new TreeSet<Integer>();
    execution.steps().forEach(step -> active.add(step.column()));
    this.tasks = List.copyOf(active);
  }

  String text() {
    if (!execution.steps().isEmpty()) {
      text.append("<div class=\"wide\"><table>\n<tr><th>step</th>");
      for (int task : tasks) {
        var column = execution.columns().get(task);
        text.append("<th>").append(Markup.of(column.task() + " / cpu" + column.cpu()))
            .append("</th>");
      }
      text.append("</tr>\n");
      script.tell(this::row, this::rule);
      text.append("</table></div>\n");
    }
    text.append("<p class=\"shows\">").append(Markup.of(script.verdict())).append("</p>\n");
    return text.toString();
  }

  private void row(Script.Line line) {
    int column = tasks.indexOf(execution.steps().get(line.step()).column());
    text.append("<tr><td>").append(line.number() == 0 ? "" : line.number()).append("</td>")
        .append("<td></td>".repeat(column))
        .append("<td class=\"").append(line.kind().name().toLowerCase(Locale.ROOT))
        .append("\" style=\"padding-left:")
        .append(String.format(Locale.ROOT, "%.1f", 0.4 + INDENT * line.indent())).append("em\">")
        .append(Markup.of(line.text()))
        .append("</td>")
        .append("<td></td>".repeat(tasks.size() - column - 1))
        .append("</tr>\n");
  }

  private void rule(String words) {
    text.append("<tr><td class=\"rule\" colspan=\"").append(tasks.size() + 1).append("\">")
        .append(words).append("</td></tr>\n");
  }
}
