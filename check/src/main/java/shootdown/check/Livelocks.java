package shootdown.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/// Finds fair cycles without progress in a state graph.
///
/// Fair (strongly): a task that can go on again and again does so again and again; so does one that
/// waits for a lock which is released again and again. What hardware and other choices do is not
/// fair: they may take the same branch for ever.
///
/// A cycle without progress lies in a strongly connected component of the steps without progress.
/// If a task can go on somewhere in a component and has no step in it, then a fair cycle avoids
/// the states where it can: the component without them is searched again (Streett's condition).
final class Livelocks {
  private final StateGraph graph;
  private final Patience patience;
  private final Components components;
  private final int[] part;
  private final List<Trap> idle = new ArrayList<>();
  private int parts;

  /// States among which a fair run can stay for ever.
  ///
  /// @param states ascending
  /// @param steppers tasks that step there
  /// @param victims tasks that neither are daemons nor have ended nor sleep somewhere there
  /// @param starved tasks that do not step there: a step that is their turn at a lock is no part
  record Trap(int[] states, long steppers, long victims, long starved) {}

  /// All of its methods throw [OutOfTime] where they take too long.
  Livelocks(StateGraph graph, Patience patience) {
    this.graph = graph;
    this.patience = patience;
    components = new Components(graph);
    part = new int[graph.states()];
  }

  /// The largest traps with victims; instead of one, a part of it in which one task alone steps, if
  /// there is.
  List<Trap> traps() {
    int[] all = new int[graph.states()];
    Arrays.setAll(all, i -> i);
    idle.clear();
    var largest = traps(all, 0);
    var found = List.copyOf(idle);
    var traps = largest.stream().map(this::simpler).toList();
    idle.clear();
    idle.addAll(found);
    return traps;
  }

  /// The largest traps without victims, after [#traps]: only daemons go on in them.
  List<Trap> idle() {
    return idle;
  }

  /// Steps from a state of a trap that come back to it; every task of the trap has one.
  int[] cycle(Trap trap, int start) {
    int id = mark(trap.states);
    var cycle = new IntList();
    int state = start;
    long left = trap.steppers;
    while (left != 0) {
      long wanted = left;
      state = walk(state, s -> (wanted >>> graph.task(s) & 1) != 0, trap, id, cycle);
      left &= ~(1L << graph.task(cycle.last()));
    }
    if (state != start) {
      walk(state, s -> graph.to(s) == start, trap, id, cycle);
    }
    return cycle.toArray();
  }

  private List<Trap> traps(int[] states, long starved) {
    int id = mark(states);
    var traps = new ArrayList<Trap>();
    for (int[] component : components.among(states, s -> isWithin(s, id, starved))) {
      int own = mark(component);
      var trap = trap(component, own, starved);
      long starving = canGoOn(component, own, starved) & ~trap.steppers;
      if (starving == 0) {
        (trap.victims != 0 ? traps : idle).add(trap);
      } else {
        traps.addAll(traps(without(component, starving), starved | starving));
      }
    }
    return traps;
  }

  private Trap simpler(Trap trap) {
    for (int t = 0; t < graph.tasks(); t++) {
      long others = ~(1L << t);
      if (trap.steppers == 1L << t || (trap.steppers >>> t & 1) == 0) {
        continue;
      }
      var parts = traps(without(trap.states, others), trap.starved | others);
      if (!parts.isEmpty()) {
        return parts.getFirst();
      }
    }
    return trap;
  }

  private int[] without(int[] states, long enabled) {
    return Arrays.stream(states).filter(s -> (graph.enabled(s) & enabled) == 0).toArray();
  }

  private Trap trap(int[] component, int id, long starved) {
    long steppers = 0;
    long victims = 0;
    for (int state : component) {
      victims |= graph.busy(state);
      for (int i = 0; i < graph.degree(state); i++) {
        int step = graph.step(state, i);
        if (isWithin(step, id, starved)) {
          steppers |= 1L << graph.task(step);
        }
      }
    }
    return new Trap(component, steppers, victims, starved);
  }

  private long canGoOn(int[] component, int id, long starved) {
    long can = 0;
    for (int state : component) {
      can |= graph.enabled(state);
      for (int i = 0; i < graph.degree(state); i++) {
        int step = graph.step(state, i);
        if (isWithin(step, id, starved)) {
          can |= graph.turns(step);
        }
      }
    }
    return can;
  }

  private boolean isWithin(int step, int id, long starved) {
    patience.mustGoOn();
    int to = graph.to(step);
    return to >= 0
        && part[to] == id
        && part[graph.from(step)] == id
        && !graph.progresses(step)
        && ((graph.turns(step) | 1L << graph.task(step)) & starved) == 0;
  }

  private int mark(int[] states) {
    parts++;
    for (int state : states) {
      part[state] = parts;
    }
    return parts;
  }

  /// Appends a shortest walk within a trap that ends with a wanted step; tells where it ends.
  private int walk(int start, IntPredicate wanted, Trap trap, int id, IntList walk) {
    int[] coming = new int[graph.states()];
    Arrays.fill(coming, -1);
    var queue = new IntList();
    queue.add(start);
    for (int i = 0; i < queue.size(); i++) {
      int state = queue.get(i);
      for (int j = 0; j < graph.degree(state); j++) {
        int step = graph.step(state, j);
        if (!isWithin(step, id, trap.starved)) {
          continue;
        }
        if (wanted.test(step)) {
          back(coming, start, state, walk);
          walk.add(step);
          return graph.to(step);
        }
        int to = graph.to(step);
        if (to != start && coming[to] < 0) {
          coming[to] = step;
          queue.add(to);
        }
      }
    }
    throw new CheckerBug("a strongly connected component is not connected");
  }

  private void back(int[] coming, int start, int end, IntList walk) {
    var steps = new IntList();
    for (int state = end; state != start; state = graph.from(coming[state])) {
      steps.add(coming[state]);
    }
    while (!steps.isEmpty()) {
      walk.add(steps.removeLast());
    }
  }
}
