package shootdown.model;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import shootdown.check.Counterexample;
import shootdown.check.Event;
import shootdown.model.TestResult.Column;
import shootdown.model.TestResult.Execution;
import shootdown.model.TestResult.ExecutionStep;
import shootdown.model.TestResult.Kind;
import shootdown.sched.Program;
import shootdown.sched.Violation;

/// Turns a run of the checker into what a reader sees: statements, kernel functions, and what each
/// step changes.
final class Executions {
  private final Program program;
  private final int[] depth;
  private final List<ExecutionStep> steps = new ArrayList<>();
  private final List<Integer> staleSteps = new ArrayList<>();
  private int cycleStart = -1;
  private int violationStep = -1;
  private int lastColumn;

  private Executions(Program program) {
    this.program = program;
    this.depth = new int[program.tasks().size()];
  }

  /// @param run what to show
  /// @param columns one for each task
  /// @param violation what it shows; null if it shows an ending
  static Execution of(Counterexample run, List<Column> columns, Violation violation) {
    var writer = new Executions(run.trace().program());
    int operations = 0;
    for (var event : run.trace().events()) {
      if (!run.cycle().isEmpty()
          && operations == run.schedule().length()
          && writer.cycleStart < 0) {
        writer.cycleStart = writer.steps.size();
      }
      writer.add(event);
      operations += event instanceof Event.Performed ? 1 : 0;
    }
    return new Execution(
        columns,
        writer.steps,
        writer.verdict(violation),
        run.schedule().then(run.cycle()).toString(),
        writer.cycleStart < 0 ? OptionalInt.empty() : OptionalInt.of(writer.cycleStart));
  }

  private void add(Event event) {
    switch (event) {
      case Event.Enter(int task, String label) -> {
        put(task, depth[task] == 0 ? Kind.STATEMENT : Kind.FUNCTION, label);
        depth[task]++;
      }
      case Event.Exit(int task, _) -> depth[task]--;
      case Event.Note(int task, String text) -> {
        if (text.startsWith("through stale")) {
          staleSteps.add(steps.size());
        }
        put(task, Kind.EFFECT, text);
      }
      case Event.Performed performed -> performed(performed);
      case Event.Violated(int task, Violation violation) -> {
        violationStep = steps.size();
        put(
            task < 0 ? lastColumn : task,
            Kind.VIOLATION,
            violation.property() + ": " + violation.message());
      }
    }
  }

  private void performed(Event.Performed performed) {
    var op = performed.op();
    if (!op.kind().touchesWord() || performed.before() == performed.after()) {
      return;
    }
    if (program.regionOf(op.word()).traced()) {
      put(
          performed.task(),
          Kind.EFFECT,
          program.nameOf(op.word())
              + ": "
              + program.show(op.word(), performed.before())
              + " -> "
              + program.show(op.word(), performed.after()));
    }
  }

  private void put(int task, Kind kind, String text) {
    lastColumn = task;
    steps.add(new ExecutionStep(task, depth[task], kind, text));
  }

  private String verdict(Violation violation) {
    if (violation == null) {
      return "This execution satisfies the condition.";
    }
    var text = new StringBuilder(sentence(violation));
    if (violationStep >= 0) {
      text.append(" (step {").append(violationStep).append("})");
    }
    text.append('.');
    if (!staleSteps.isEmpty()) {
      text.append(
          staleSteps.size() == 1
              ? " The access of step {" + staleSteps.getFirst() + "}"
              : " The last access of this kind, of step {" + staleSteps.getLast() + "},");
      text.append(" went through a TLB entry that the page tables no longer hold.");
    }
    if (cycleStart >= 0) {
      text.append(" What follows step {")
          .append(cycleStart)
          .append("} can go on for ever.");
    }
    return text.toString();
  }

  private static String sentence(Violation violation) {
    var name = violation.property();
    return Character.toUpperCase(name.charAt(0)) + name.substring(1) + ": " + violation.message();
  }
}
