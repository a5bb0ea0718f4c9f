package shootdown.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which steps can be part of a cycle of states, as far as the automaton tells.
///
/// On a cycle of states every task that steps comes back to its vertex, so it stays in one strongly
/// connected component of its automaton. And memory comes back to what it was: a bit that only one
/// kind of operation within such components changes, one that is only ever set there, for example,
/// is *constant*, the same all along the cycle. So two edges that tell different things ([Fact])
/// about constant bits are not on one cycle of states; and where one of them is on all cycles of
/// its component ([Inevitable]), the other is on none. Without it there are fewer components, and
/// more bits that are constant. This is done until nothing changes, but only when somebody asks
/// ([#refined]): it takes as long as many steps of a search.
///
/// All other steps are *recurrent*. And whoever comes back to its vertex goes round a loop
/// ([Automaton#AGAIN]).
///
/// So states have a cycle if and only if recurrent steps have one, and it can be looked for after
/// recurrent steps that go round a loop. What is learned while states are searched makes more steps
/// recurrent. No cycle is missed all the same: let e be the edge of a cycle that was learned last.
/// Whoever takes e knows all other edges. If e goes round a loop, the cycle is looked for then; it
/// is, too, if e led to a known vertex when it was learned ([Automaton#CLOSING]); and no other edge
/// can be the last one, since a new vertex has no edges.
final class Recurrence {
  private final Automaton automaton;
  private final EdgeList edges;
  private int[] component;
  private final long[] changing;
  private Optional<Recurrence> refined = Optional.empty();

  /// From all that has been learned until now; to be called while nobody learns.
  Recurrence(Learned learned) {
    this(learned.automaton, new EdgeList(learned.automaton), learned.program.size());
    leaveOutOthers();
  }

  private Recurrence(Automaton automaton, EdgeList edges, int words) {
    this.automaton = automaton;
    this.edges = edges;
    changing = new long[Math.max(1, words)];
  }

  /// The same without what contradicts itself; to be called while nobody learns, and before anybody
  /// has learned another way to come back.
  Recurrence refined() {
    if (refined.isEmpty()) {
      var less = new Recurrence(automaton, new EdgeList(edges), changing.length);
      int before;
      do {
        less.leaveOutOthers();
        before = less.edges.size();
        less.leaveOutImpossible();
      } while (less.edges.size() < before);
      less.refined = Optional.of(less);
      refined = Optional.of(less);
    }
    return refined.get();
  }

  /// Whether a task that goes from vertex to vertex may come back.
  boolean comesBack(int from, int to) {
    return from < component.length
        && to < component.length
        && component[from] >= 0
        && component[from] == component[to];
  }

  /// Whether a task at `vertex` may come back to it.
  boolean comesBack(int vertex) {
    return vertex < component.length && component[vertex] >= 0;
  }

  /// Whether `word` may change from one value to the other and back.
  boolean comesBack(int word, long before, long after) {
    return ((before ^ after) & ~changing[word]) == 0;
  }

  /// Leaves out what is in no component, and finds the bits that the rest changes.
  private void leaveOutOthers() {
    component = new VertexComponents(automaton.size(), edges).numbers();
    edges.keep(i -> comesBack(edges.from(i), edges.to(i)));
    long[] sets = new long[changing.length];
    long[] clears = new long[changing.length];
    for (int i = 0; i < edges.size(); i++) {
      int v = edges.from(i);
      int w = automaton.word[v];
      if (!changesNothing(automaton.code[v], edges.label(i))) {
        sets[w] |= sets(v);
        clears[w] |= clears(v);
      }
    }
    Arrays.setAll(changing, w -> sets[w] & clears[w]);
  }

  /// Leaves out edges that contradict what is told by edges that are on all cycles of the
  /// component.
  private void leaveOutImpossible() {
    var inevitable = new Inevitable(automaton.size(), edges);
    Map<Integer, Map<Integer, List<Fact>>> known = new HashMap<>();
    for (int i = 0; i < edges.size(); i++) {
      int v = edges.from(i);
      known.computeIfAbsent(component[v], _ -> told(inevitable, v));
    }
    edges.keep(i -> isPossible(i, known.get(component[edges.from(i)])));
  }

  /// What is true all along a cycle in the component of `v`, by word.
  private Map<Integer, List<Fact>> told(Inevitable inevitable, int v) {
    Map<Integer, List<Fact>> told = new HashMap<>();
    inevitable
        .of(v)
        .stream()
        .forEach(
            i ->
                told.computeIfAbsent(word(i), _ -> new ArrayList<>()).addAll(facts(i)));
    return told;
  }

  private boolean isPossible(int edge, Map<Integer, List<Fact>> known) {
    var facts = facts(edge);
    long constant = ~changing[word(edge)];
    return known.getOrDefault(word(edge), List.of()).stream()
            .noneMatch(k -> facts.stream().anyMatch(f -> f.contradicts(k, constant)))
        && facts.stream().noneMatch(f -> f.contradicts(facts.getFirst(), constant));
  }

  private List<Fact> facts(int edge) {
    return Fact.of(automaton, edges.from(edge), edges.label(edge));
  }

  private int word(int edge) {
    return automaton.word[edges.from(edge)];
  }

  /// Bits that an operation may set.
  private long sets(int v) {
    long a = automaton.a[v];
    return switch (automaton.code[v]) {
      case Code.WRITE, Code.SWAP, Code.OR, Code.TEST_AND_SET -> a;
      case Code.CAS -> automaton.b[v];
      case Code.REPLACE -> automaton.b[v] & a;
      case Code.AND_NOT, Code.TEST_AND_CLEAR -> 0;
      default -> -1;
    };
  }

  /// Bits that an operation may clear.
  private long clears(int v) {
    long a = automaton.a[v];
    return switch (automaton.code[v]) {
      case Code.WRITE, Code.SWAP -> ~a;
      case Code.CAS -> ~automaton.b[v];
      case Code.REPLACE -> ~automaton.b[v] & a;
      case Code.AND_NOT, Code.TEST_AND_CLEAR -> a;
      case Code.OR, Code.TEST_AND_SET -> 0;
      default -> -1;
    };
  }

  /// Whether an operation of this kind that tells `label` leaves its word as it is.
  private static boolean changesNothing(int code, long label) {
    return switch (code) {
      case Code.READ,
          Code.READ_MASKED,
          Code.IS,
          Code.TEST,
          Code.AWAIT,
          Code.SLEEP,
          Code.CHOOSE,
          Code.VIOLATE,
          Code.FAIL,
          Code.PROGRESS ->
          true;
      case Code.CAS, Code.TRY_LOCK, Code.TRY_READ_LOCK, Code.ADD_UNLESS_ZERO -> label == 0;
      default -> false;
    };
  }
}
