package shootdown.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import shootdown.sched.Program;
import shootdown.sched.Violation;

/// Livelocks of a program whose state graph is known, as runs: the way to a cycle, and the cycle.
///
/// Up to renaming, there is one naming of each, of several; the way to it may not be the shortest,
/// since who steps is compared as named in the states that stand for others.
final class LivelockSearch {
  private final Learned learned;
  private final StateGraph graph;
  private final Supplier<ShortestRuns> runs;
  private final Livelocks livelocks;
  private final List<Livelocks.Trap> traps;

  /// @param runs is asked only where a livelock is found, again and again
  LivelockSearch(
      Learned learned, StateGraph graph, Supplier<ShortestRuns> runs, Patience patience) {
    livelocks = new Livelocks(graph, patience);
    traps = livelocks.traps();
    this.learned = learned;
    this.graph = graph;
    this.runs = runs;
  }

  /// One livelock for each set of tasks that go on, or wait, for ever.
  List<Found> search() {
    Map<String, Livelocks.Trap> byMessage = new LinkedHashMap<>();
    for (var trap : traps) {
      byMessage.merge(
          message(trap), trap, (a, b) -> cost(nearest(b)) < cost(nearest(a)) ? b : a);
    }
    var found = new ArrayList<Found>();
    byMessage.forEach((message, trap) -> found.add(found(message, trap)));
    return found;
  }

  void addTo(Findings findings) {
    search().forEach(found -> findings.violations.put(found.violation().orElseThrow(), found));
  }

  /// What looks at the states of [#idle].
  Restless restless(Findings findings) {
    return new Restless(learned, graph, runs.get(), findings, idle());
  }

  /// Whether there is any.
  boolean isEmpty() {
    return traps.isEmpty();
  }

  /// Where daemons go on for ever after all others; see [Restless].
  List<Livelocks.Trap> idle() {
    return livelocks.idle();
  }

  private Found found(String message, Livelocks.Trap trap) {
    int start = nearest(trap);
    int[] way = runs.get().to(start);
    int[] cycle = livelocks.cycle(trap, start);
    int[] both = Arrays.copyOf(way, way.length + cycle.length);
    System.arraycopy(cycle, 0, both, way.length, cycle.length);
    var parts = Expansion.lasso(learned, graph.decisions(both), cycle.length);
    return new Found(
        new Found.What.Violated(new Violation(Violation.LIVELOCK, message)),
        parts.get(0),
        parts.get(1));
  }

  private int nearest(Livelocks.Trap trap) {
    return Arrays.stream(trap.states())
        .boxed()
        .min((a, b) -> Long.compare(cost(a), cost(b)))
        .orElseThrow();
  }

  private long cost(int state) {
    return runs.get().cost(new StateGraph.Sight(new Found.What.Ended(""), state, -1, 0));
  }

  /// Tasks are named as in the run that is shown.
  private String message(Livelocks.Trap trap) {
    int start = nearest(trap);
    var permutations = graph.permutations();
    int own = permutations.inverse(livelocks.frame(start));
    int shown = permutations.then(own, graph.renaming(runs.get().to(start)));
    return message(
        learned.program,
        permutations.tasks(shown, trap.steppers()),
        permutations.tasks(shown, trap.victims()));
  }

  /// What to call a livelock in which some tasks step and some are never done, as sets of bits.
  static String message(Program program, long steppers, long victims) {
    String going = names(program, steppers) + " can go on for ever without progress";
    long waiting = victims & ~steppers;
    return waiting == 0
        ? going
        : going + " while " + names(program, waiting) + " cannot go on";
  }

  private static String names(Program program, long tasks) {
    return program.tasks().stream()
        .filter(t -> (tasks >>> t.id() & 1) != 0)
        .map(t -> t.name())
        .collect(Collectors.joining(", "));
  }
}
