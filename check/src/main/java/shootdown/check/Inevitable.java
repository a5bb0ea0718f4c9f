package shootdown.check;

import java.util.BitSet;

/// The edges of a strongly connected component that are on all of its cycles.
///
/// They are on any one cycle. An edge of it without which the component has another cycle is not
/// one of them, nor is any that is not on that cycle, too; so few edges need be tried.
final class Inevitable {
  /// Where looking would take more than this, none are found: what is known less of is taken for
  /// possible.
  private static final long MAX_WORK = 1 << 22;

  private final EdgeList edges;
  private final Outgoing outgoing;

  /// Of each operation: the search that came to it last, negative once nothing was found beyond it.
  private final int[] seen;

  private final int[] next;
  private int searches;
  private long work;

  /// @param size operations are numbers below this
  /// @param edges those within components
  Inevitable(int size, EdgeList edges) {
    this.edges = edges;
    outgoing = new Outgoing(size, edges);
    seen = new int[size];
    next = new int[size];
  }

  /// Those of the component of an operation.
  BitSet of(int operation) {
    var candidates = cycle(operation, -1);
    for (int e = candidates.nextSetBit(0); e >= 0; e = candidates.nextSetBit(e + 1)) {
      var other = cycle(operation, e);
      if (!other.isEmpty()) {
        candidates.and(other);
      }
      if (work > MAX_WORK) {
        return new BitSet();
      }
    }
    return candidates;
  }

  /// The edges of some cycle that can be come to from an operation without an edge; none if there
  /// is none.
  private BitSet cycle(int operation, int without) {
    searches++;
    var path = new IntList();
    var by = new IntList();
    meet(operation, path);
    while (!path.isEmpty()) {
      int v = path.last();
      if (next[v] == outgoing.first[v + 1]) {
        seen[v] = -searches;
        path.removeLast();
        if (!by.isEmpty()) {
          by.removeLast();
        }
        continue;
      }
      int edge = outgoing.edges[next[v]++];
      work++;
      int to = edges.to(edge);
      if (edge == without) {
        continue;
      }
      if (seen[to] == searches) {
        return closed(by, edge);
      }
      if (seen[to] != -searches) {
        meet(to, path);
        by.add(edge);
      }
    }
    return new BitSet();
  }

  private void meet(int v, IntList path) {
    seen[v] = searches;
    next[v] = outgoing.first[v];
    path.add(v);
  }

  /// The last edges of a path, which `edge` closes to a cycle.
  private BitSet closed(IntList by, int edge) {
    var cycle = new BitSet();
    cycle.set(edge);
    int at = edges.from(edge);
    for (int i = by.size() - 1; at != edges.to(edge); i--) {
      cycle.set(by.get(i));
      at = edges.from(by.get(i));
    }
    return cycle;
  }
}
