package shootdown.check;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import shootdown.sched.Op;
import shootdown.sched.OpKind;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Violation;

/// The second runner executing one schedule: with threads, on memory of its own.
final class Replay {
  private final Program program;
  private final TraceWriter writer;
  private final ThreadedRun run;
  private int decisions;
  private boolean failed;
  private boolean isEnd;

  private Replay(Program program) {
    this.program = program;
    writer = new TraceWriter(program.tasks().size());
    run = new ThreadedRun(program, new Histories(), writer);
  }

  /// Executes a schedule.
  ///
  /// @throws UnfitSchedule if the program cannot follow it
  static Trace of(Program program, Schedule schedule) {
    var replay = new Replay(program);
    try (var _ = replay.run) {
      schedule.decisions().forEach(replay::perform);
      return replay.trace();
    }
  }

  /// Executes what a search recorded, compares each operation, and that memory and tasks are the
  /// same before and after the cycle, if there is one.
  ///
  /// @throws CheckerBug if anything differs
  static Trace compared(Program program, Program searched, Found found) {
    var replay = new Replay(program);
    try (var _ = replay.run) {
      replay.follow(searched, found.run());
      var before = replay.state();
      replay.follow(searched, found.cycle());
      replay.isEnd = found.isEnd();
      if (!before.equals(replay.state()) && !found.cycle().isEmpty()) {
        throw new CheckerBug("the cycle of a livelock does not come back: " + found.schedule());
      }
      return replay.trace();
    } catch (UnfitSchedule impossible) {
      throw new CheckerBug(
          "the search found a run that is none: "
              + impossible.getMessage()
              + "\n  schedule: "
              + found.schedule());
    }
  }

  private void follow(Program searched, List<Recorded> recorded) {
    for (var expected : recorded) {
      int at = decisions;
      var performed = perform(expected.decision());
      if (!isSame(searched, expected, performed)) {
        throw new CheckerBug(
            "the two runners differ at operation " + at + " of " + Recorded.schedule(recorded)
                + "\n  search: " + describe(searched, expected)
                + "\n  replay: " + describe(program, performed));
      }
    }
  }

  private boolean isSame(Program searched, Recorded expected, Recorded performed) {
    return expected.equals(performed)
        || (reports(expected.op())
            && expected.op().kind() == performed.op().kind()
            && searched
                .violation(expected.op().a())
                .equals(program.violation(performed.op().a())));
  }

  private static boolean reports(Op op) {
    return op.kind() == OpKind.VIOLATE || op.kind() == OpKind.FAIL;
  }

  private static String describe(Program program, Recorded r) {
    return "task " + r.task() + ": " + Describe.op(program, r.op()) + ", " + r.before() + " -> "
        + r.after() + ", told " + r.result();
  }

  private Recorded perform(Schedule.Decision decision) {
    int task = decision.task();
    mustFollow(decision, task);
    String atomic = run.atomic(task);
    writer.performs(task);
    int place = writer.events().size();
    var r = run.perform(task, decision.choice());
    decisions++;
    writer
        .events()
        .add(place, new Event.Performed(task, r.op(), r.before(), r.after(), r.result(), atomic));
    if (reports(r.op())) {
      var violation = program.violation(r.op().a());
      writer.events().add(place + 1, new Event.Violated(task, violation));
    }
    failed = r.op().kind() == OpKind.FAIL;
    return r;
  }

  private void mustFollow(Schedule.Decision decision, int task) {
    must(!failed, "the run has failed before");
    must(task < program.tasks().size(), "there is no task " + task);
    must(!run.isEnded(task), "task " + task + " has ended");
    var next = run.next(task);
    must(run.isEnabled(task), "task " + task + " waits at " + Describe.op(program, next));
    int mid = IntStream.range(0, program.tasks().size()).filter(run::isMid).findFirst().orElse(-1);
    must(mid < 0 || mid == task, "task " + mid + " is in the middle of an atomic block");
    boolean chooses = next.kind() == OpKind.CHOOSE;
    must(chooses == decision.chooses(), chooses ? "a choice is due" : "no choice is due");
    must(decision.choice() < next.a() || !chooses, "there are only " + next.a() + " choices");
  }

  private void must(boolean condition, String otherwise) {
    if (!condition) {
      throw new UnfitSchedule(decisions, otherwise);
    }
  }

  private List<Object> state() {
    return List.of(
        IntStream.range(0, run.words()).mapToObj(run::value).toList(),
        IntStream.range(0, program.tasks().size()).mapToObj(run::history).toList());
  }

  private Trace trace() {
    boolean rests =
        !failed && IntStream.range(0, program.tasks().size()).noneMatch(run::isEnabled);
    boolean ends = rests || (isEnd && program.tasks().stream().allMatch(this::isIdle));
    return new Trace(program, writer.events(), ends ? judge() : Optional.empty());
  }

  /// Whether a run may be over as far as this task is concerned.
  private boolean isIdle(Task task) {
    int id = task.id();
    return task.kind() == Task.Kind.DAEMON
        || run.isEnded(id)
        || (run.next(id).kind() == OpKind.SLEEP && !run.isEnabled(id));
  }

  private Optional<String> judge() {
    var deadlock = deadlock(program, run);
    deadlock.ifPresent(v -> writer.add(new Event.Violated(-1, v)));
    if (deadlock.isPresent()) {
      return Optional.empty();
    }
    program.finalViolations(run::value).forEach(v -> writer.add(new Event.Violated(-1, v)));
    return Optional.of(program.outcomeOf(run::value));
  }

  /// The deadlock of a run in which nobody can go on, if it is one.
  static Optional<Violation> deadlock(Program program, ThreadedRun run) {
    var waiting =
        program.tasks().stream()
            .filter(t -> t.kind() == Task.Kind.NORMAL)
            .filter(t -> !run.isEnded(t.id()) && run.next(t.id()).kind() != OpKind.SLEEP)
            .map(t -> t + " waits for " + program.nameOf(run.next(t.id()).word()))
            .toList();
    return waiting.isEmpty()
        ? Optional.empty()
        : Optional.of(new Violation(Violation.DEADLOCK, String.join(", ", waiting)));
  }
}
