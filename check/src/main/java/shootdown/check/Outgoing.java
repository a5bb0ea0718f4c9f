package shootdown.check;

/// Which edges of an [EdgeList] leave an operation: those of operation v are `edges[i]` for i from
/// `first[v]` on, before `first[v + 1]`.
final class Outgoing {
  final int[] first;
  final int[] edges;

  /// @param size operations are numbers below this
  Outgoing(int size, EdgeList all) {
    first = new int[size + 2];
    for (int i = 0; i < all.size(); i++) {
      first[all.from(i) + 2]++;
    }
    for (int v = 2; v < first.length; v++) {
      first[v] += first[v - 1];
    }
    edges = new int[all.size()];
    for (int i = 0; i < all.size(); i++) {
      edges[first[all.from(i) + 1]++] = i;
    }
  }
}
