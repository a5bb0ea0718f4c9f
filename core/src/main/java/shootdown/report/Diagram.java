package shootdown.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import shootdown.model.TestResult.Column;
import shootdown.model.TestResult.Execution;

/// Draws an execution as kernel commit messages do: a column for each task, time runs downwards.
///
/// ```text
/// step  P0 / cpu0                     P1 / cpu1
///       ---------                     ---------
///       *x = 2;
///                                     mremap(x, PAGE, PAGE, ...);
///                                       move_page_tables -> move_ptes
///    1                                    pte x: dirty -> none
///       (*x = 2 continues)
///    2    stores through a stale TLB entry
/// ```
///
/// Never wider than [#WIDTH] columns. With more tasks than [#MAX_COLUMNS] there is one column only,
/// and each line names its task.
public final class Diagram {
  /// Columns of a page, as kernel people wrap.
  public static final int WIDTH = 100;

  static final int MAX_COLUMNS = 4;

  private static final int GAP = 2;
  private static final int NARROW = 40;

  private final Execution execution;
  private final List<Integer> tasks;
  private final int margin;
  private final int width;
  private final int indent;
  private final Script script;
  private final List<String> out = new ArrayList<>();

  private Diagram(Execution execution) {
    this.execution = execution;
    var active = new TreeSet<Integer>();
    execution.steps().forEach(step -> active.add(step.column()));
    this.tasks = List.copyOf(active);
    this.margin = isList() ? 6 + taskWidth() + GAP : 6;
    int columns = isList() ? 1 : Math.max(1, tasks.size());
    this.width = (WIDTH - margin - GAP * (columns - 1)) / columns;
    this.indent = width < NARROW ? 1 : 2;
    this.script = new Script(execution, frames -> width - inset(frames));
  }

  /// The diagram, then what it shows in one sentence; lines end with `\n`.
  public static String draw(Execution execution) {
    return new Diagram(execution).draw();
  }

  private String draw() {
    if (!execution.steps().isEmpty()) {
      header();
      script.tell(this::add, words -> out.add(rule(words)));
      out.add("");
    }
    out.addAll(Wrap.lines(script.verdict(), WIDTH, WIDTH));
    return out.stream().map(line -> line.stripTrailing() + "\n").collect(Collectors.joining());
  }

  private boolean isList() {
    return tasks.size() > MAX_COLUMNS;
  }

  private int taskWidth() {
    return Math.min(
        20, tasks.stream().mapToInt(task -> Wrap.width(heading(task))).max().orElse(0));
  }

  private void header() {
    if (isList()) {
      out.add("step  task");
      out.add("      ----");
      return;
    }
    var names = new StringBuilder();
    var rules = new StringBuilder();
    for (int task : tasks) {
      String name = Wrap.lines(heading(task), width, width).getFirst();
      pad(names, start(task)).append(name);
      pad(rules, start(task)).append("-".repeat(Wrap.width(name)));
    }
    out.add("step" + names.substring(4));
    out.add(rules.toString());
  }

  private String heading(int task) {
    Column column = execution.columns().get(task);
    return column.task() + " / cpu" + column.cpu();
  }

  private void add(Script.Line line) {
    int task = execution.steps().get(line.step()).column();
    int inset = inset(line.indent());
    int hanging = Math.max(1, width - inset - 2 * indent);
    List<String> texts = Wrap.lines(line.text(), Math.max(1, width - inset), hanging);
    for (int i = 0; i < texts.size(); i++) {
      var row = new StringBuilder();
      if (i == 0 && line.number() != 0) {
        row.append("%4d".formatted(line.number()));
      }
      if (isList() && i == 0) {
        pad(row, 6).append(Wrap.lines(heading(task), taskWidth(), taskWidth()).getFirst());
      }
      pad(row, start(task) + inset + (i == 0 ? 0 : 2 * indent)).append(texts.get(i));
      out.add(row.toString());
    }
  }

  /// How far lines in so many frames are from the column's edge: deep ones are not pushed out.
  private int inset(int frames) {
    return Math.min(indent * frames, width / 3);
  }

  private int start(int task) {
    return isList() ? margin : margin + tasks.indexOf(task) * (width + GAP);
  }

  private static StringBuilder pad(StringBuilder row, int to) {
    return row.append(" ".repeat(Math.max(0, to - Wrap.width(row.toString()))));
  }

  private static String rule(String text) {
    String line = "====== " + text + " ";
    return line + "=".repeat(WIDTH - line.length());
  }
}
