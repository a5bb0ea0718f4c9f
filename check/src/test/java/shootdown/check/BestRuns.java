package shootdown.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import shootdown.sched.OpKind;
import shootdown.sched.Program;

/// What the best runs of a small program cost, by all states and steps that the second runner
/// meets: fewest switches, then fewest operations (Dijkstra's algorithm over pairs of a state and
/// the task that came there).
final class BestRuns implements SecondSearch.Observer {
  private final Program program;
  private final List<List<Step>> leaving = new ArrayList<>();
  private final Map<Found.What, Cost> best = new HashMap<>();
  private final Map<Integer, List<Found.What>> ends = new HashMap<>();
  private final Map<Integer, Cost> toStates = new HashMap<>();
  private final List<Report> reports = new ArrayList<>();
  private int operations;

  /// What a run costs.
  record Cost(int switches, int operations) implements Comparable<Cost> {
    @Override
    public int compareTo(Cost other) {
      return Comparator.comparingInt(Cost::switches)
          .thenComparingInt(Cost::operations)
          .compare(this, other);
    }
  }

  /// @param reports what it reports on the way
  private record Step(int task, int to, int operations, List<Report> reports) {}

  /// @param operations of the step until then
  private record Report(Found.What what, int operations) {}

  private record At(int state, int last, Cost cost) {}

  private BestRuns(Program program) {
    this.program = program;
  }

  static BestRuns of(Program program, int maxStates) {
    var runs = new BestRuns(program);
    SecondSearch.explore(program, maxStates, runs);
    runs.search();
    return runs;
  }

  /// The best run to a violation or an outcome; none to a livelock, or where only daemons go on.
  Optional<Cost> to(Found.What what) {
    return Optional.ofNullable(best.get(what));
  }

  /// The best run to a state, as the second runner numbers them.
  Cost to(int state) {
    return toStates.get(state);
  }

  @Override
  public void entered(int state, List<Schedule.Decision> choices, ThreadedRun run) {
    leaving.add(new ArrayList<>());
    if (choices.isEmpty()) {
      var deadlock = Replay.deadlock(program, run);
      var here = new ArrayList<Found.What>();
      deadlock.ifPresent(v -> here.add(new Found.What.Violated(v)));
      if (deadlock.isEmpty()) {
        here.add(new Found.What.Ended(program.outcomeOf(run::value)));
      }
      ends.put(state, here);
    }
  }

  @Override
  public void begins() {
    operations = 0;
    reports.clear();
  }

  @Override
  public void performed(Recorded performed, ThreadedRun run) {
    operations++;
    var op = performed.op();
    if (op.kind() == OpKind.VIOLATE || op.kind() == OpKind.FAIL) {
      var what = new Found.What.Violated(program.violation(op.a()));
      reports.add(new Report(what, operations));
    }
  }

  @Override
  public void stepped(int from, int task, int to) {
    leaving.get(from).add(new Step(task, to, operations, List.copyOf(reports)));
  }

  private void search() {
    var done = new HashMap<Long, Cost>();
    var queue = new PriorityQueue<At>(Comparator.comparing(At::cost));
    queue.add(new At(0, -1, new Cost(0, 0)));
    while (!queue.isEmpty()) {
      var at = queue.remove();
      if (done.putIfAbsent((long) at.state << 8 | at.last + 1, at.cost) != null) {
        continue;
      }
      toStates.putIfAbsent(at.state, at.cost);
      ends.getOrDefault(at.state, List.of()).forEach(what -> keep(what, at.cost));
      for (var step : leaving.get(at.state)) {
        step.reports.forEach(r -> keep(r.what, after(at, step.task, r.operations)));
        if (step.to >= 0) {
          queue.add(new At(step.to, step.task, after(at, step.task, step.operations)));
        }
      }
    }
  }

  private static Cost after(At at, int task, int operations) {
    boolean isSwitch = at.last >= 0 && at.last != task;
    return new Cost(at.cost.switches + (isSwitch ? 1 : 0), at.cost.operations + operations);
  }

  private void keep(Found.What what, Cost cost) {
    best.merge(what, cost, (a, b) -> a.compareTo(b) <= 0 ? a : b);
  }
}
