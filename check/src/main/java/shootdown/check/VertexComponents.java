package shootdown.check;

import java.util.Arrays;

/// Strongly connected components of the operations of an [Automaton], along some of its edges
/// (Tarjan's algorithm).
final class VertexComponents {
  private final EdgeList edges;
  private final Outgoing outgoing;
  private final int[] number;
  private final int[] order;
  private final int[] low;
  private final IntList open = new IntList();
  private final IntList path = new IntList();
  private final int[] next;
  private int met;
  private int found;

  /// @param size operations are numbers below this
  VertexComponents(int size, EdgeList edges) {
    this.edges = edges;
    outgoing = new Outgoing(size, edges);
    next = Arrays.copyOf(outgoing.first, size);
    number = new int[size];
    order = new int[size];
    low = new int[size];
    Arrays.fill(number, -1);
    for (int v = 0; v < size; v++) {
      if (order[v] == 0) {
        search(v);
      }
    }
  }

  /// Of each vertex the number of its component; -1 where it cannot come back to itself.
  int[] numbers() {
    return number;
  }

  private void search(int root) {
    meet(root);
    while (path.size() > 0) {
      int v = path.last();
      if (next[v] < outgoing.first[v + 1]) {
        int to = edges.to(outgoing.edges[next[v]++]);
        if (order[to] == 0) {
          meet(to);
        } else if (order[to] > 0) {
          low[v] = Math.min(low[v], order[to]);
        }
        continue;
      }
      path.removeLast();
      if (path.size() > 0) {
        low[path.last()] = Math.min(low[path.last()], low[v]);
      }
      if (low[v] == order[v]) {
        close(v);
      }
    }
  }

  private void meet(int v) {
    order[v] = ++met;
    low[v] = met;
    open.add(v);
    path.add(v);
  }

  private void close(int v) {
    boolean comesBack = open.last() != v || hasEdgeToItself(v);
    int id = comesBack ? found++ : -1;
    int closed;
    do {
      closed = open.removeLast();
      number[closed] = id;
      order[closed] = -1;
    } while (closed != v);
  }

  private boolean hasEdgeToItself(int v) {
    for (int i = outgoing.first[v]; i < outgoing.first[v + 1]; i++) {
      if (edges.to(outgoing.edges[i]) == v) {
        return true;
      }
    }
    return false;
  }
}
