package shootdown.check;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import shootdown.sched.OpKind;
import shootdown.sched.Program;
import shootdown.sched.Violation;

/// The second runner exploring all interleavings of a small program, step by step, with nothing of
/// what the first search is made of: tasks are threads that are run again from their start for each
/// path, memory and histories are compared whole, nothing is merged. Slow: thousands of states.
///
/// Its counts must equal those of [Check#run] with [Reductions#NONE].
public final class SecondSearch {
  private final Program program;
  private final int maxStates;
  private final Histories histories = new Histories();
  private final Set<LongBuffer> visited = new HashSet<>();
  private final List<Frame> path = new ArrayList<>();
  private final Set<String> outcomes = new LinkedHashSet<>();
  private final Set<Violation> violations = new LinkedHashSet<>();
  private long transitions;

  /// What it counted and met.
  ///
  /// @param states met
  /// @param transitions steps taken
  /// @param outcomes of runs that came to rest; not of those where daemons go on for ever
  /// @param violations reported; deadlocks, too, but no livelocks
  /// @param complete whether all was explored
  public record Result(
      int states,
      long transitions,
      Set<String> outcomes,
      Set<Violation> violations,
      boolean complete) {}

  /// A state on the path: what may follow it, and how far that has been explored.
  private static final class Frame {
    final List<Schedule.Decision> choices;
    int next;

    Frame(List<Schedule.Decision> choices) {
      this.choices = choices;
    }
  }

  private SecondSearch(Program program, int maxStates) {
    this.program = program;
    this.maxStates = maxStates;
  }

  /// Explores all, or until more than `maxStates` states are met.
  public static Result explore(Supplier<Program> programs, int maxStates) {
    var search = new SecondSearch(programs.get(), maxStates);
    OnVirtualThread.run(search::explore);
    return new Result(
        search.visited.size(),
        search.transitions,
        search.outcomes,
        search.violations,
        search.visited.size() <= maxStates);
  }

  private void explore() {
    do {
      try (var run = new ThreadedRun(program, histories, ThreadedRun.Listener.NONE)) {
        if (path.isEmpty()) {
          enter(run);
        }
        again(run);
        onward(run);
      }
      while (!path.isEmpty() && path.getLast().next == path.getLast().choices.size()) {
        path.removeLast();
      }
    } while (!path.isEmpty() && visited.size() <= maxStates);
  }

  /// Comes back to the last state of the path.
  private void again(ThreadedRun run) {
    for (var frame : path.subList(0, path.size() - 1)) {
      step(run, frame.choices.get(frame.next - 1));
    }
  }

  /// Explores from the last state of the path until nothing new comes.
  private void onward(ThreadedRun run) {
    while (path.getLast().next < path.getLast().choices.size()) {
      var frame = path.getLast();
      transitions++;
      boolean goesOn = step(run, frame.choices.get(frame.next++));
      if (!goesOn || visited.contains(state(run))) {
        return;
      }
      enter(run);
    }
  }

  private void enter(ThreadedRun run) {
    visited.add(state(run));
    var choices = choices(run);
    path.add(new Frame(choices));
    if (choices.isEmpty()) {
      judge(run);
    }
  }

  private void judge(ThreadedRun run) {
    var deadlock = Replay.deadlock(program, run);
    if (deadlock.isPresent()) {
      violations.add(deadlock.get());
    } else {
      outcomes.add(program.outcomeOf(run::value));
      violations.addAll(program.finalViolations(run::value));
    }
  }

  private List<Schedule.Decision> choices(ThreadedRun run) {
    var choices = new ArrayList<Schedule.Decision>();
    for (int t = 0; t < program.tasks().size(); t++) {
      if (run.isMid(t)) {
        return decisions(run, t);
      }
      choices.addAll(decisions(run, t));
    }
    return choices;
  }

  private static List<Schedule.Decision> decisions(ThreadedRun run, int task) {
    if (!run.isEnabled(task)) {
      return List.of();
    }
    var next = run.next(task);
    if (next.kind() != OpKind.CHOOSE) {
      return List.of(new Schedule.Decision(task, Schedule.Decision.NO_CHOICE));
    }
    var decisions = new ArrayList<Schedule.Decision>();
    for (int c = 0; c < next.a(); c++) {
      decisions.add(new Schedule.Decision(task, c));
    }
    return decisions;
  }

  /// One operation, or an atomic block up to its end or a choice; tells whether the run goes on.
  private boolean step(ThreadedRun run, Schedule.Decision decision) {
    int task = decision.task();
    do {
      var op = run.perform(task, decision.choice()).op();
      if (op.kind() == OpKind.VIOLATE || op.kind() == OpKind.FAIL) {
        violations.add(program.violation(op.a()));
      }
      if (op.kind() == OpKind.FAIL) {
        return false;
      }
    } while (run.isMid(task) && run.next(task).kind() != OpKind.CHOOSE);
    return true;
  }

  private LongBuffer state(ThreadedRun run) {
    int words = run.words();
    int tasks = program.tasks().size();
    long[] state = new long[words + tasks];
    for (int w = 0; w < words; w++) {
      state[w] = run.value(w);
    }
    for (int t = 0; t < tasks; t++) {
      state[words + t] = run.history(t);
    }
    return LongBuffer.wrap(state);
  }
}
