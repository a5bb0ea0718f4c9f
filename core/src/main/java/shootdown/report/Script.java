package shootdown.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import shootdown.model.TestResult.Execution;
import shootdown.model.TestResult.ExecutionStep;
import shootdown.model.TestResult.Kind;

/// What of an execution is shown, and as which step.
///
/// - A statement is shown, and so is an effect, a remark, a violation.
/// - A function is shown if something in it is, or if it is part of what repeats for ever; but not
///   if it only says again what its statement does: `munmap` in `munmap(x, PAGE);`.
/// - What the verdict names is shown.
/// - Steps are numbered: what happens, and what holds nothing that is shown. What holds other lines
///   is their heading and has no number, unless the verdict names it. A remark has none.
/// - A function that holds nothing but one other function shares a line with it, if there is room.
/// - Where a task goes on after another, a line says in what.
final class Script {
  /// A line of the diagram.
  ///
  /// @param step index of the step; of a continuation, that of the step that follows
  /// @param number as it is printed, 0 for none
  /// @param indent how many frames above it are shown
  record Line(int step, int number, int indent, Kind kind, String text) {}

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\d{1,9})\\}");

  private final String verdict;
  private final List<ExecutionStep> steps;
  private final Frames frames;
  private final boolean repeats;
  private final int cycleStart;
  private final Set<Integer> named = new HashSet<>();
  private final boolean[] shown;
  private final int[] children;
  private final int[] number;
  private final int[] indent;
  private final List<Line> lines = new ArrayList<>();

  /// @param room columns for a line of that indent
  Script(Execution execution, IntUnaryOperator room) {
    verdict = execution.verdict();
    steps = execution.steps();
    frames = new Frames(execution);
    repeats = execution.cycleStart().isPresent();
    cycleStart = execution.cycleStart().orElse(steps.size());
    shown = new boolean[steps.size()];
    children = new int[steps.size()];
    number = new int[steps.size()];
    indent = new int[steps.size()];
    PLACEHOLDER.matcher(execution.verdict()).results()
        .forEach(match -> named.add(Integer.parseInt(match.group(1))));
    choose();
    count();
    write(room);
  }

  /// Tells all lines in order, and, between them, what repeats for ever.
  void tell(Consumer<Line> line, Consumer<String> rule) {
    boolean inCycle = false;
    int firstNumber = 0;
    for (var next : lines) {
      if (repeats && !inCycle && next.step() >= cycleStart) {
        inCycle = true;
        rule.accept("from here on, for ever");
      }
      if (inCycle && firstNumber == 0) {
        firstNumber = next.number();
      }
      line.accept(next);
    }
    if (inCycle) {
      rule.accept(firstNumber == 0 ? "and so on" : "and again from step " + firstNumber);
    } else if (repeats) {
      rule.accept("and nothing changes any more, for ever");
    }
  }

  /// The number that step `i` is printed with; of a step behind the last one, the last number.
  int number(int i) {
    return i < number.length ? number[i] : Arrays.stream(number).max().orElse(0);
  }

  /// What the execution shows, with the steps as they are numbered.
  String verdict() {
    return PLACEHOLDER
        .matcher(verdict)
        .replaceAll(match -> Integer.toString(number(Integer.parseInt(match.group(1)))));
  }

  private void choose() {
    for (int i = steps.size() - 1; i >= 0; i--) {
      boolean function = steps.get(i).kind() == Kind.FUNCTION;
      shown[i] |= !function || i >= cycleStart || named.contains(i);
      shown[i] &= !isEcho(i);
      int parent = parent(i);
      if (shown[i] && parent != Frames.NONE) {
        shown[parent] = true;
        children[parent]++;
      }
    }
  }

  /// The innermost frame that step `i` is in and that has a line of its own.
  private int parent(int i) {
    int parent = frames.parent(i);
    while (parent != Frames.NONE && isEcho(parent)) {
      parent = frames.parent(parent);
    }
    return parent;
  }

  private boolean isEcho(int i) {
    int parent = frames.parent(i);
    return steps.get(i).kind() == Kind.FUNCTION
        && !named.contains(i)
        && parent != Frames.NONE
        && steps.get(parent).kind() == Kind.STATEMENT
        && Frames.nameOf(steps.get(parent).text()).equals(Frames.nameOf(steps.get(i).text()));
  }

  private void count() {
    int last = 0;
    for (int i = 0; i < number.length; i++) {
      boolean happens = children[i] == 0 && steps.get(i).kind() != Kind.REMARK;
      if (shown[i] && (happens || named.contains(i))) {
        number[i] = ++last;
      }
    }
  }

  private void write(IntUnaryOperator room) {
    int before = Frames.NONE;
    for (int i : shownSteps()) {
      int parent = parent(i);
      indent[i] = parent == Frames.NONE ? 0 : indent[parent] + 1;
      if (before != Frames.NONE && steps.get(before).column() != steps.get(i).column()
          && parent != Frames.NONE) {
        lines.add(new Line(i, 0, 0, Kind.REMARK, "(" + continues(parent) + ")"));
      }
      if (!joins(before, i, room)) {
        var step = steps.get(i);
        lines.add(new Line(i, number[i], indent[i], step.kind(), text(step)));
      }
      before = i;
    }
  }

  private int[] shownSteps() {
    return Arrays.stream(indices()).filter(i -> shown[i]).toArray();
  }

  private int[] indices() {
    int[] all = new int[steps.size()];
    Arrays.setAll(all, i -> i);
    return all;
  }

  /// Puts function `i` on the line of the function that holds nothing else.
  private boolean joins(int before, int i, IntUnaryOperator room) {
    int parent = parent(i);
    if (before == Frames.NONE || before != parent || children[parent] != 1
        || steps.get(i).kind() != Kind.FUNCTION || steps.get(parent).kind() != Kind.FUNCTION
        || number[i] + number[parent] != 0 || parent < cycleStart && i >= cycleStart) {
      return false;
    }
    Line line = lines.getLast();
    String text = line.text() + " -> " + steps.get(i).text();
    if (Wrap.width(text) > room.applyAsInt(line.indent())) {
      return false;
    }
    lines.set(lines.size() - 1, new Line(i, 0, line.indent(), Kind.FUNCTION, text));
    indent[i] = line.indent();
    return true;
  }

  private String continues(int frame) {
    int statement = frame;
    while (frames.parent(statement) != Frames.NONE) {
      statement = frames.parent(statement);
    }
    String in = frame == statement ? "" : " in " + Frames.nameOf(steps.get(frame).text());
    return Frames.nameOf(steps.get(statement).text()) + " continues" + in;
  }

  private static String text(ExecutionStep step) {
    return switch (step.kind()) {
      case STATEMENT, FUNCTION, EFFECT -> step.text();
      case REMARK -> step.text().startsWith("(") ? step.text() : "(" + step.text() + ")";
      case VIOLATION -> "!! " + step.text();
    };
  }
}
