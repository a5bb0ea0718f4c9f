package shootdown.check;

import java.util.Arrays;
import java.util.function.IntPredicate;

/// Edges between operations of an [Automaton], numbered; some may have been left out.
final class EdgeList {
  private int[] from;
  private int[] to;
  private long[] label;
  private int size;

  /// All that an automaton has now.
  EdgeList(Automaton automaton) {
    from = new int[64];
    to = new int[64];
    label = new long[64];
    automaton.forEachEdge(this::add);
  }

  EdgeList(EdgeList other) {
    from = other.from.clone();
    to = other.to.clone();
    label = other.label.clone();
    size = other.size;
  }

  int size() {
    return size;
  }

  /// The operation that edge `i` leaves.
  int from(int i) {
    return from[i];
  }

  /// The operation that edge `i` leads to.
  int to(int i) {
    return to[i];
  }

  /// What the operation tells where edge `i` is taken.
  long label(int i) {
    return label[i];
  }

  /// Leaves all others out; those that are left are numbered anew.
  void keep(IntPredicate which) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (which.test(i)) {
        from[kept] = from[i];
        to[kept] = to[i];
        label[kept] = label[i];
        kept++;
      }
    }
    size = kept;
  }

  private void add(int leaving, long told, int target) {
    if (size == from.length) {
      from = Arrays.copyOf(from, 2 * size);
      to = Arrays.copyOf(to, 2 * size);
      label = Arrays.copyOf(label, 2 * size);
    }
    from[size] = leaving;
    to[size] = target;
    label[size] = told;
    size++;
  }
}
