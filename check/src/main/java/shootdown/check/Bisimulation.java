package shootdown.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/// Merges vertices of a task's automaton whose futures are equal: the same operation, the same
/// results known, and each of them leading to merged vertices.
///
/// Sound only after a complete search: what is merged then is known to meet the same results in the
/// search that follows, so that nothing is learned any more.
final class Bisimulation {
  private final Automaton automaton;
  private final int[] roots;
  private final int[] classOf;
  private final List<List<Edge>> edges = new ArrayList<>();

  private record Edge(long label, int target, boolean again) {}

  /// What makes vertices differ before their edges are looked at.
  private record Kind(int task, int code, int word, long a, long b, int flags, int mover) {}

  private record Signature(int kind, List<Edge> edges) {}

  private Bisimulation(Automaton automaton, int[] roots) {
    this.automaton = automaton;
    this.roots = roots;
    classOf = new int[automaton.size()];
  }

  /// Merges, in place.
  static void merge(Automaton automaton, int[] roots) {
    var bisimulation = new Bisimulation(automaton, roots);
    bisimulation.collectEdges();
    bisimulation.refine();
    bisimulation.redirect();
  }

  /// For each vertex that is merged into another, that other one.
  static Map<Integer, Integer> merged(Automaton automaton) {
    var bisimulation = new Bisimulation(automaton, new int[0]);
    bisimulation.collectEdges();
    bisimulation.refine();
    int[] first = bisimulation.first();
    var into = new TreeMap<Integer, Integer>();
    for (int v = 0; v < first.length; v++) {
      int other = first[bisimulation.classOf[v]];
      if (other != v && Code.isOperation(automaton.code[v])) {
        into.put(v, other);
      }
    }
    return into;
  }

  private void collectEdges() {
    for (int v = 0; v < automaton.size(); v++) {
      var own = new ArrayList<Edge>();
      addEdge(own, 0, automaton.edge0[v]);
      addEdge(own, 1, automaton.edge1[v]);
      edges.add(own);
    }
    automaton.others.forEach((vertex, label, edge) -> addEdge(edges.get(vertex), label, edge));
    edges.forEach(own -> own.sort((x, y) -> Long.compare(x.label, y.label)));
  }

  private static void addEdge(List<Edge> to, long label, int edge) {
    if (edge != Automaton.UNKNOWN) {
      boolean again = (edge & Automaton.AGAIN) != 0;
      to.add(new Edge(label, edge & Automaton.VERTEX, again));
    }
  }

  private void refine() {
    int classes = classify(this::kind);
    int before;
    do {
      before = classes;
      classes = classify(this::signature);
    } while (classes > before);
  }

  private int classify(IntFunction<Object> key) {
    Map<Object, Integer> ids = new HashMap<>();
    int[] next = new int[classOf.length];
    for (int v = 0; v < next.length; v++) {
      next[v] = ids.computeIfAbsent(key.apply(v), _ -> ids.size());
    }
    System.arraycopy(next, 0, classOf, 0, next.length);
    return ids.size();
  }

  private Object kind(int v) {
    boolean operation = Code.isOperation(automaton.code[v]);
    return new Kind(
        automaton.task[v],
        automaton.code[v],
        operation ? automaton.word[v] : 0,
        operation ? automaton.a[v] : 0,
        operation ? automaton.b[v] : 0,
        automaton.flags[v],
        automaton.mover[v]);
  }

  private Object signature(int v) {
    return new Signature(
        classOf[v],
        edges.get(v).stream()
            .map(e -> new Edge(e.label, classOf[e.target], e.again))
            .toList());
  }

  /// Of each class, the first vertex.
  private int[] first() {
    int[] first = new int[classOf.length];
    Arrays.fill(first, -1);
    for (int v = 0; v < classOf.length; v++) {
      if (first[classOf[v]] < 0) {
        first[classOf[v]] = v;
      }
    }
    return first;
  }

  private void redirect() {
    int[] first = first();
    for (int v = 0; v < classOf.length; v++) {
      for (var edge : edges.get(v)) {
        int target = first[classOf[edge.target]];
        automaton.setEdge(v, edge.label, edge.again ? target | Automaton.AGAIN : target);
      }
    }
    Arrays.setAll(roots, t -> first[classOf[roots[t]]]);
  }
}
