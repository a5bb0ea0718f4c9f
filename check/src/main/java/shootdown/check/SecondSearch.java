package shootdown.check;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
  private final Map<LongBuffer, Integer> visited = new HashMap<>();
  private final Observer observer;
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

  /// Sees all that the search meets; the states have numbers 0, 1, ….
  interface Observer {
    Observer NONE = new Observer() {};

    /// The step under way, which has just been announced by [#begins], performed this.
    default void performed(Recorded operation, ThreadedRun run) {}

    /// A step that was not taken before begins.
    default void begins() {}

    /// The step led from a state to a state; -1 if it failed.
    default void stepped(int from, int task, int to) {}

    /// A state is met for the first time.
    default void entered(int state, List<Schedule.Decision> choices, ThreadedRun run) {}
  }

  /// A state on the path: what may follow it, and how far that has been explored.
  private static final class Frame {
    final int state;
    final List<Schedule.Decision> choices;
    int next;

    Frame(int state, List<Schedule.Decision> choices) {
      this.state = state;
      this.choices = choices;
    }
  }

  private SecondSearch(Program program, int maxStates, Observer observer) {
    this.program = program;
    this.maxStates = maxStates;
    this.observer = observer;
  }

  /// Explores all, or until more than `maxStates` states are met.
  public static Result explore(Supplier<Program> programs, int maxStates) {
    return explore(programs.get(), maxStates, Observer.NONE);
  }

  static Result explore(Program program, int maxStates, Observer observer) {
    var search = new SecondSearch(program, maxStates, observer);
    return Guard.DEFAULT.runVirtual(search::explore);
  }

  private Result explore() {
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
    return new Result(
        visited.size(), transitions, outcomes, violations, visited.size() <= maxStates);
  }

  /// Comes back to the last state of the path.
  private void again(ThreadedRun run) {
    for (var frame : path.subList(0, path.size() - 1)) {
      step(run, frame.choices.get(frame.next - 1), Observer.NONE);
    }
  }

  /// Explores from the last state of the path until nothing new comes.
  private void onward(ThreadedRun run) {
    while (path.getLast().next < path.getLast().choices.size()) {
      var frame = path.getLast();
      transitions++;
      var decision = frame.choices.get(frame.next++);
      observer.begins();
      boolean goesOn = step(run, decision, observer);
      Integer known = goesOn ? visited.get(state(run)) : Integer.valueOf(-1);
      int to = known == null ? visited.size() : known;
      observer.stepped(frame.state, decision.task(), to);
      if (known != null) {
        return;
      }
      enter(run);
    }
  }

  private void enter(ThreadedRun run) {
    int state = visited.size();
    visited.put(state(run), state);
    var choices = choices(run);
    observer.entered(state, choices, run);
    path.add(new Frame(state, choices));
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
  private boolean step(ThreadedRun run, Schedule.Decision decision, Observer watching) {
    int task = decision.task();
    do {
      var performed = run.perform(task, decision.choice());
      watching.performed(performed, run);
      var op = performed.op();
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
