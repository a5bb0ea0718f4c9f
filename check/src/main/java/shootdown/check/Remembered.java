package shootdown.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import shootdown.sched.Op;
import shootdown.sched.Program;

/// What tasks remember though it no longer matters: for whoever wants to know where a scope is
/// missing.
///
/// Two positions of a task with one future are two states to a search, for the task was told
/// something else on its way. Whatever made them differ could have been forgotten by then.
public final class Remembered {
  private Remembered() {}

  /// Something that a task was told, or what a scope returned.
  ///
  /// @param what it is, after the scopes that it is in
  /// @param positions how many positions of tasks differ from another by this alone, or first by it
  public record Thing(String what, int positions) {}

  /// Searches, and tells what need not have been remembered, that which costs most first; nothing
  /// where the search had to give up.
  public static List<Thing> of(Supplier<Program> programs, Options options) {
    return Guard.DEFAULT.run(() -> things(Pulse.watched(programs).get(), options));
  }

  private static List<Thing> things(Program program, Options options) {
    var learned = new Learned(program, options.reductions(), options.seed());
    var search = new DepthFirst(learned, new Findings(), options);
    if (search.search().isPresent()) {
      return List.of();
    }
    Map<String, Integer> counts = new HashMap<>();
    Bisimulation.merged(learned.automaton)
        .forEach((v, other) -> counts.merge(difference(learned, v, other), 1, Integer::sum));
    var things = new ArrayList<Thing>();
    counts.forEach((what, n) -> things.add(new Thing(what, n)));
    things.sort(Comparator.comparing(Thing::positions).reversed().thenComparing(Thing::what));
    return List.copyOf(things);
  }

  /// Where the ways to two vertices part.
  private static String difference(Learned learned, int v, int other) {
    int[] one = learned.automaton.path(v);
    int[] two = learned.automaton.path(other);
    int at = 0;
    while (at + 1 < Math.min(one.length, two.length) && one[at + 1] == two[at + 1]) {
      at++;
    }
    var text = new StringBuilder("task " + learned.automaton.task[v]);
    for (int i = 0; i <= at; i++) {
      int vertex = one[i];
      boolean inside = i < at && learned.automaton.label[one[i + 1]] == Label.INSIDE;
      if (learned.automaton.what[vertex] instanceof Op op) {
        text.append(i == at ? ": " + Describe.op(learned.program, op) : "");
      } else if (inside || i == at) {
        text.append(" > ").append(learned.automaton.what[vertex]);
      }
    }
    return text.toString();
  }
}
