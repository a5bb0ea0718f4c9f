package shootdown.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/// Strongly connected components of a part of a state graph (Tarjan's algorithm, without
/// recursion). Only those that have a step within them are told.
final class Components {
  private final StateGraph graph;
  private final int[] number;
  private final int[] low;
  private final int[] next;
  private final boolean[] open;

  Components(StateGraph graph) {
    this.graph = graph;
    number = new int[graph.states()];
    low = new int[graph.states()];
    next = new int[graph.states()];
    open = new boolean[graph.states()];
  }

  /// The components among `states`, along steps that `follows` admits; such a step must lead to one
  /// of `states`.
  List<int[]> among(int[] states, IntPredicate follows) {
    for (int state : states) {
      number[state] = -1;
    }
    var found = new ArrayList<int[]>();
    int[] counter = {0};
    for (int state : states) {
      if (number[state] < 0) {
        from(state, follows, counter, found);
      }
    }
    return found;
  }

  private void from(int root, IntPredicate follows, int[] counter, List<int[]> found) {
    var path = new IntList();
    var stack = new IntList();
    open(root, counter, path, stack);
    while (!path.isEmpty()) {
      int state = path.last();
      if (next[state] == graph.degree(state)) {
        path.removeLast();
        if (!path.isEmpty()) {
          low[path.last()] = Math.min(low[path.last()], low[state]);
        }
        if (low[state] == number[state]) {
          close(state, stack, follows, found);
        }
        continue;
      }
      int step = graph.step(state, next[state]++);
      if (!follows.test(step)) {
        continue;
      }
      int target = graph.to(step);
      if (number[target] < 0) {
        open(target, counter, path, stack);
      } else if (open[target]) {
        low[state] = Math.min(low[state], number[target]);
      }
    }
  }

  private void open(int state, int[] counter, IntList path, IntList stack) {
    number[state] = counter[0]++;
    low[state] = number[state];
    next[state] = 0;
    open[state] = true;
    path.add(state);
    stack.add(state);
  }

  private void close(int root, IntList stack, IntPredicate follows, List<int[]> found) {
    var members = new IntList();
    int state;
    do {
      state = stack.removeLast();
      open[state] = false;
      members.add(state);
    } while (state != root);
    if (members.size() > 1 || hasLoop(root, follows)) {
      int[] component = members.toArray();
      Arrays.sort(component);
      found.add(component);
    }
  }

  private boolean hasLoop(int state, IntPredicate follows) {
    for (int i = 0; i < graph.degree(state); i++) {
      int step = graph.step(state, i);
      if (graph.to(step) == state && follows.test(step)) {
        return true;
      }
    }
    return false;
  }
}
