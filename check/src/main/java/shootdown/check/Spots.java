package shootdown.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shootdown.sched.Cost;
import shootdown.sched.Op;
import shootdown.sched.OpKind;
import shootdown.sched.Timing;

/// Where in its code a task is at each vertex, and what lies on its way from one to the next.
final class Spots {
  private static final int NOWHERE = -1;
  private static final Op NOTHING = new Op(OpKind.PROGRESS, -1, 0, 0);

  private final Learned learned;
  private final Timing timing;
  private final Map<Integer, int[]> frames = new HashMap<>();
  private final Map<Long, Way> ways = new HashMap<>();

  /// From where a step ended to the next.
  ///
  /// @param step as a [Timing] wants it
  /// @param costs of it
  /// @param resuming of it
  /// @param into sites at which it begins something
  /// @param outOf sites of what ended before it
  record Way(
      Timing.Step step,
      List<Cost> costs,
      List<Cost> resuming,
      Set<String> into,
      Set<String> outOf) {}

  Spots(Learned learned) {
    this.learned = learned;
    this.timing = learned.program.timing();
  }

  /// The way of a task to its first vertex.
  Way begin(int vertex) {
    return way(NOWHERE, vertex, false);
  }

  /// @param again whether it goes round a loop
  Way way(int from, int to, boolean again) {
    long key = (long) (from + 1) << 32 | (long) to << 1 | (again ? 1 : 0);
    var known = ways.get(key);
    if (known == null) {
      known = make(from, to, again);
      ways.put(key, known);
    }
    return known;
  }

  private Way make(int from, int to, boolean again) {
    var automaton = learned.automaton;
    int[] before = from == NOWHERE ? new int[0] : frames(from);
    int[] after = frames(to);
    int same = common(before, after, again);
    var entered = new ArrayList<String>();
    var inside = new ArrayList<String>();
    var into = new LinkedHashSet<>(learned.sites(to));
    for (int i = 0; i < after.length; i++) {
      var name = automaton.code[after[i]] == Code.LOOP ? "" : (String) automaton.what[after[i]];
      if (!name.isEmpty()) {
        inside.add(name);
      }
      if (i >= same) {
        if (!name.isEmpty()) {
          entered.add(name);
        }
        into.addAll(learned.sites(after[i]));
      }
    }
    var outOf = new LinkedHashSet<String>();
    for (int i = same; i < before.length; i++) {
      outOf.addAll(learned.sites(before[i]));
    }
    if (from != NOWHERE) {
      outOf.addAll(learned.sites(from));
    }
    var first = automaton.what[to] instanceof Op op ? op : NOTHING;
    var step =
        new Timing.Step(
            automaton.task[to],
            first.kind(),
            first.word(),
            List.copyOf(inside),
            List.copyOf(entered));
    return new Way(step, timing.costs(step), timing.resuming(step), into, outOf);
  }

  /// How many frames the two share. A turn of a loop leaves what it is in, and enters it again.
  private int common(int[] before, int[] after, boolean again) {
    int same = 0;
    int loop = 0;
    while (same < before.length && same < after.length && before[same] == after[same]) {
      same++;
      if (learned.automaton.code[before[same - 1]] == Code.LOOP) {
        loop = same;
      }
    }
    return again && loop > 0 ? loop : same;
  }

  /// The scopes, atomic blocks and loops that a vertex is in, outermost first.
  private int[] frames(int vertex) {
    return frames.computeIfAbsent(vertex, this::find);
  }

  private int[] find(int vertex) {
    var automaton = learned.automaton;
    int[] path = automaton.path(vertex);
    var in = new IntList();
    for (int i = 0; i + 1 < path.length; i++) {
      long label = automaton.label[path[i + 1]];
      boolean entered =
          switch (automaton.code[path[i]]) {
            case Code.CALL, Code.ATOMIC -> label == Label.INSIDE;
            case Code.LOOP -> Label.isTurn(label);
            default -> false;
          };
      if (entered) {
        in.add(path[i]);
      }
    }
    return in.toArray();
  }
}
