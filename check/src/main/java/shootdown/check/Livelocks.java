package shootdown.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/// Finds fair cycles without progress in a state graph.
///
/// Fair (strongly): a task that can go on again and again does so again and again; so does one that
/// waits for a lock which is released again and again. What hardware and other choices do is not
/// fair: they may take the same branch for ever. But what chooses by habit
/// ([shootdown.sched.Steps#chooseByHabit]) says 0 for ever in the end, or never.
///
/// A cycle without progress lies in a strongly connected component of the steps without progress.
/// If a task can go on somewhere in a component and has no step in it, then a fair cycle avoids
/// the states where it can: the component without them is searched again (Streett's condition). If
/// a question is answered in it by 0 and by something else, it is searched again without the steps
/// of either.
///
/// Where the graph is one up to renaming, [Frames] says who is who.
final class Livelocks {
  private final StateGraph graph;
  private final Patience patience;
  private final Components components;
  private final Frames frames;
  private final int[] part;
  private final List<Trap> idle = new ArrayList<>();
  private int parts;

  /// Who took the last step of the last walk.
  private int stepped;

  /// States among which a fair run can stay for ever. Up to renaming, states stand for their
  /// images, and tasks are named as in [#frame]s.
  ///
  /// @param states ascending
  /// @param steppers tasks that step there
  /// @param victims tasks that neither are daemons nor have ended nor sleep somewhere there
  /// @param out steps that are no part
  record Trap(int[] states, long steppers, long victims, Out out) {}

  /// Steps that are left out between states that are not.
  ///
  /// @param starved tasks that do not step: a step that is their turn at a lock is left out
  /// @param refused answers ([StateGraph#answer]) that are not given
  record Out(long starved, Set<Integer> refused) {
    static final Out NONE = new Out(0, Set.of());

    Out starving(long more) {
      return new Out(starved | more, refused);
    }

    Out refusing(int answer) {
      var more = new TreeSet<>(refused);
      more.add(answer);
      return new Out(starved, more);
    }
  }

  /// All of its methods throw [OutOfTime] where they take too long.
  Livelocks(StateGraph graph, Patience patience) {
    this.graph = graph;
    this.patience = patience;
    components = new Components(graph);
    frames = new Frames(graph);
    part = new int[graph.states()];
  }

  /// The largest traps with victims; instead of one, a part of it in which one task alone steps, if
  /// there is. (Up to renaming that is not looked for: with other states than whole ones left out,
  /// it takes more than frames to tell.)
  List<Trap> traps() {
    var largest = largest();
    var found = List.copyOf(idle);
    var traps =
        graph.isUpToRenaming() ? largest : largest.stream().map(this::simpler).toList();
    idle.clear();
    idle.addAll(found);
    return traps;
  }

  /// The largest traps with victims.
  List<Trap> largest() {
    int[] all = new int[graph.states()];
    Arrays.setAll(all, i -> i);
    idle.clear();
    return traps(all, Out.NONE);
  }

  /// The largest traps without victims, after [#traps]: only daemons go on in them.
  List<Trap> idle() {
    return idle;
  }

  /// By what the tasks of a state of a trap are named in the trap.
  int frame(int state) {
    return frames.of(state);
  }

  /// Steps from a state of a trap that come back to it; every task of the trap has one.
  int[] cycle(Trap trap, int start) {
    int id = mark(trap.states);
    var cycle = new IntList();
    var begin = new At(start, frames.of(start));
    var at = begin;
    long left = trap.steppers;
    while (left != 0) {
      long wanted = left;
      at = walk(at, (from, step) -> (wanted >>> task(from, step) & 1) != 0, trap, id, cycle);
      left &= ~(1L << stepped);
    }
    if (!at.equals(begin)) {
      walk(at, (from, step) -> after(from, step).equals(begin), trap, id, cycle);
    }
    return cycle.toArray();
  }

  private List<Trap> traps(int[] states, Out out) {
    int id = mark(states);
    var traps = new ArrayList<Trap>();
    for (int[] component : components.among(states, s -> isWithin(s, id, out))) {
      int own = mark(component);
      var undecided =
          graph.hasAnswers() ? undecided(component, own, out) : OptionalInt.empty();
      if (undecided.isPresent()) {
        int zero = undecided.getAsInt();
        traps.addAll(traps(component, out.refusing(zero + 1)));
        traps.addAll(traps(component, out.refusing(zero)));
        continue;
      }
      frames.lay(component, s -> isWithin(s, own, out));
      var trap = trap(component, own, out);
      long starving = canGoOn(component, own, out) & ~trap.steppers;
      if (starving == 0) {
        (trap.victims != 0 ? traps : idle).add(trap);
      } else {
        traps.addAll(traps(without(component, starving), out.starving(starving)));
      }
    }
    return traps;
  }

  /// The answer 0 to a question that is answered within a component by 0 and by something else.
  private OptionalInt undecided(int[] component, int id, Out out) {
    var given = new BitSet();
    for (int state : component) {
      for (int i = 0; i < graph.degree(state); i++) {
        int step = graph.step(state, i);
        int answer = graph.answer(step);
        if (answer >= 0 && isWithin(step, id, out)) {
          given.set(answer);
          if (given.get(answer ^ 1)) {
            return OptionalInt.of(answer & ~1);
          }
        }
      }
    }
    return OptionalInt.empty();
  }

  private Trap simpler(Trap trap) {
    for (int t = 0; t < graph.tasks(); t++) {
      long others = ~(1L << t);
      if (trap.steppers == 1L << t || (trap.steppers >>> t & 1) == 0) {
        continue;
      }
      var parts = traps(without(trap.states, others), trap.out.starving(others));
      if (!parts.isEmpty()) {
        return parts.getFirst();
      }
    }
    return trap;
  }

  private int[] without(int[] states, long enabled) {
    return Arrays.stream(states)
        .filter(s -> (frames.in(s, graph.enabled(s)) & enabled) == 0)
        .toArray();
  }

  private Trap trap(int[] component, int id, Out out) {
    long steppers = 0;
    long victims = 0;
    for (int state : component) {
      victims |= frames.in(state, graph.busy(state));
      for (int i = 0; i < graph.degree(state); i++) {
        int step = graph.step(state, i);
        if (isWithin(step, id, out)) {
          steppers |= frames.in(state, 1L << graph.task(step));
        }
      }
    }
    return new Trap(component, frames.orbits(steppers), frames.orbits(victims), out);
  }

  private long canGoOn(int[] component, int id, Out out) {
    long can = 0;
    for (int state : component) {
      can |= frames.in(state, graph.enabled(state));
      for (int i = 0; i < graph.degree(state); i++) {
        int step = graph.step(state, i);
        if (isWithin(step, id, out)) {
          can |= frames.in(state, graph.turns(step));
        }
      }
    }
    return frames.orbits(can);
  }

  private boolean isWithin(int step, int id, Out out) {
    patience.mustGoOn();
    int to = graph.to(step);
    return to >= 0
        && part[to] == id
        && part[graph.from(step)] == id
        && !graph.progresses(step)
        && !isTurnOf(out.starved, step)
        && (out.refused.isEmpty() || !out.refused.contains(graph.answer(step)));
  }

  /// Whether a step is one of `tasks`, or their turn at a lock.
  private boolean isTurnOf(long tasks, int step) {
    long own = graph.turns(step) | 1L << graph.task(step);
    return tasks != 0 && (frames.in(graph.from(step), own) & tasks) != 0;
  }

  private int mark(int[] states) {
    parts++;
    for (int state : states) {
      part[state] = parts;
    }
    return parts;
  }

  /// A state, renamed.
  private record At(int state, int names) {
    static At of(long key) {
      return new At((int) (key >>> 32) - 1, (int) key);
    }

    /// Never 0.
    long key() {
      return state + 1L << 32 | names;
    }
  }

  /// A step that leaves a state.
  @FunctionalInterface
  private interface Wanted {
    boolean is(At from, int step);
  }

  private int task(At from, int step) {
    return graph.permutations().task(from.names, graph.task(step));
  }

  private At after(At from, int step) {
    int names = graph.permutations().then(graph.renaming(step), from.names);
    return new At(graph.to(step), names);
  }

  /// Appends a shortest walk within a trap that ends with a wanted step; tells where it ends.
  private At walk(At start, Wanted wanted, Trap trap, int id, IntList walk) {
    var numbers = new StateIndex();
    var met = new LongList();
    var coming = new IntList();
    var before = new IntList();
    numbers.of(start.key());
    met.add(start.key());
    coming.add(-1);
    before.add(-1);
    for (int i = 0; i < met.size(); i++) {
      var at = At.of(met.get(i));
      for (int j = 0; j < graph.degree(at.state); j++) {
        int step = graph.step(at.state, j);
        if (!isWithin(step, id, trap.out)) {
          continue;
        }
        if (wanted.is(at, step)) {
          back(coming, before, i, walk);
          walk.add(step);
          stepped = task(at, step);
          return after(at, step);
        }
        long to = after(at, step).key();
        if (numbers.of(to) == met.size()) {
          met.add(to);
          coming.add(step);
          before.add(i);
        }
      }
    }
    throw new CheckerBug("a strongly connected component is not connected");
  }

  private static void back(IntList coming, IntList before, int end, IntList walk) {
    var steps = new IntList();
    for (int i = end; i > 0; i = before.get(i)) {
      steps.add(coming.get(i));
    }
    while (!steps.isEmpty()) {
      walk.add(steps.removeLast());
    }
  }
}
