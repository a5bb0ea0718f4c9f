package shootdown.check;

import java.util.Arrays;

/// The best run to every state of a graph: with the fewest switches between tasks, and among those
/// with the fewest operations. (Dijkstra's algorithm over pairs of a state and the task that came
/// there. A choice at which no other task was followed is no switch: it counts where its task next
/// steps.)
final class ShortestRuns {
  /// Pairs of states and tasks beyond which switches are not counted, but operations alone.
  private static final long MAX_PAIRS = 30_000_000;

  private static final int OPERATION_BITS = 20;
  private static final int MAX_OPERATIONS = (1 << OPERATION_BITS) - 1;

  private final StateGraph graph;
  private final Patience patience;
  private final int tasks;
  private final int lasts;
  private final int start;
  private final int[] cost;
  private final int[] comingStep;
  private final int[] comingPair;

  /// @throws OutOfTime if it takes too long
  ShortestRuns(StateGraph graph, Patience patience) {
    this.graph = graph;
    this.patience = patience;
    tasks = graph.tasks();
    lasts = (tasks + 1L) * graph.states() < MAX_PAIRS ? tasks + 1 : 1;
    start = lasts - 1;
    int pairs = graph.states() * lasts;
    cost = new int[pairs];
    comingStep = new int[pairs];
    comingPair = new int[pairs];
    Arrays.fill(cost, Integer.MAX_VALUE);
    search();
  }

  /// Whether switches are counted; else only operations are, since there are too many states.
  boolean countsSwitches() {
    return lasts > 1;
  }

  /// The best steps to where a sight is seen, the step that shows it included.
  int[] to(StateGraph.Sight sight) {
    int pair = bestPair(sight);
    int[] before = stepsTo(pair);
    if (sight.step() < 0) {
      return before;
    }
    int[] steps = Arrays.copyOf(before, before.length + 1);
    steps[before.length] = sight.step();
    return steps;
  }

  /// The best steps to a state.
  int[] to(int state) {
    return to(new StateGraph.Sight(new Found.What.Ended(""), state, -1, 0));
  }

  /// What the best run costs; only for comparisons.
  long cost(StateGraph.Sight sight) {
    return costAt(sight, bestPair(sight));
  }

  private void search() {
    var queue = new LongHeap();
    cost[start] = 0;
    queue.add(start);
    while (!queue.isEmpty()) {
      patience.mustGoOn();
      long least = queue.removeLeast();
      int pair = (int) least;
      if (cost[pair] != (int) (least >>> 32)) {
        continue;
      }
      int state = pair / lasts;
      for (int i = 0; i < graph.degree(state); i++) {
        int step = graph.step(state, i);
        if (graph.to(step) >= 0) {
          relax(queue, pair, step);
        }
      }
    }
  }

  private void relax(LongHeap queue, int pair, int step) {
    int before = last(pair);
    int last = graph.isLocalChoice(step) ? before : graph.task(step);
    int target = graph.to(step) * lasts + (countsSwitches() ? last : 0);
    int newCost = plus(cost[pair], before, last, graph.operations(step));
    if (newCost < cost[target]) {
      cost[target] = newCost;
      comingStep[target] = step;
      comingPair[target] = pair;
      queue.add((long) newCost << 32 | target);
    }
  }

  /// The task that came to a pair's state; a number that no task has for none, or any.
  private int last(int pair) {
    return countsSwitches() ? pair % lasts : tasks;
  }

  /// Switches in the upper bits, operations in the lower ones.
  private int plus(int soFar, int last, int task, int operations) {
    int switches = soFar >>> OPERATION_BITS;
    if (last != task && last != tasks) {
      switches = Math.min(switches + 1, (Integer.MAX_VALUE >>> OPERATION_BITS) - 1);
    }
    int all = Math.min((soFar & MAX_OPERATIONS) + operations, MAX_OPERATIONS);
    return switches << OPERATION_BITS | all;
  }

  private int bestPair(StateGraph.Sight sight) {
    int best = sight.state() * lasts;
    for (int last = 1; last < lasts; last++) {
      int pair = sight.state() * lasts + last;
      if (costAt(sight, pair) < costAt(sight, best)) {
        best = pair;
      }
    }
    return best;
  }

  private long costAt(StateGraph.Sight sight, int pair) {
    if (cost[pair] == Integer.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    return sight.step() < 0
        ? cost[pair]
        : plus(cost[pair], last(pair), graph.task(sight.step()), sight.operations());
  }

  private int[] stepsTo(int target) {
    var steps = new IntList();
    for (int pair = target; pair != start; pair = comingPair[pair]) {
      steps.add(comingStep[pair]);
    }
    int[] forward = steps.toArray();
    for (int i = 0, j = forward.length - 1; i < j; i++, j--) {
      int swapped = forward[i];
      forward[i] = forward[j];
      forward[j] = swapped;
    }
    return forward;
  }
}
