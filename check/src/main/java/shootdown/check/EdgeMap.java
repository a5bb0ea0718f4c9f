package shootdown.check;

import java.util.Arrays;

/// (vertex, label) to edge: open addressing in flat arrays, nothing is ever taken out.
final class EdgeMap {
  private int[] vertices = new int[1024];
  private long[] labels = new long[1024];
  private int[] edges = filled(1024);
  private int size;

  /// The edge, or [Automaton#UNKNOWN].
  int get(int vertex, long label) {
    int mask = edges.length - 1;
    for (int i = slot(vertex, label, mask); ; i = (i + 1) & mask) {
      int edge = edges[i];
      if (edge == Automaton.UNKNOWN || (vertices[i] == vertex && labels[i] == label)) {
        return edge;
      }
    }
  }

  void put(int vertex, long label, int edge) {
    if (2 * size >= edges.length) {
      grow();
    }
    int mask = edges.length - 1;
    int i = slot(vertex, label, mask);
    while (edges[i] != Automaton.UNKNOWN && !(vertices[i] == vertex && labels[i] == label)) {
      i = (i + 1) & mask;
    }
    if (edges[i] == Automaton.UNKNOWN) {
      size++;
    }
    vertices[i] = vertex;
    labels[i] = label;
    edges[i] = edge;
  }

  /// Calls `each` for all edges.
  void forEach(Each each) {
    for (int i = 0; i < edges.length; i++) {
      if (edges[i] != Automaton.UNKNOWN) {
        each.edge(vertices[i], labels[i], edges[i]);
      }
    }
  }

  /// See [#forEach].
  @FunctionalInterface
  interface Each {
    void edge(int vertex, long label, int edge);
  }

  private static int slot(int vertex, long label, int mask) {
    long h = (label * 0x9E3779B97F4A7C15L + vertex) * 0xD1B54A32D192ED03L;
    return (int) (h >>> 40) & mask;
  }

  private void grow() {
    int[] oldVertices = vertices;
    long[] oldLabels = labels;
    int[] oldEdges = edges;
    vertices = new int[2 * oldEdges.length];
    labels = new long[2 * oldEdges.length];
    edges = filled(2 * oldEdges.length);
    size = 0;
    for (int i = 0; i < oldEdges.length; i++) {
      if (oldEdges[i] != Automaton.UNKNOWN) {
        put(oldVertices[i], oldLabels[i], oldEdges[i]);
      }
    }
  }

  private static int[] filled(int length) {
    int[] array = new int[length];
    Arrays.fill(array, Automaton.UNKNOWN);
    return array;
  }
}
