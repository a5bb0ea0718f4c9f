package shootdown.check;

import java.io.IOException;

/// What was learned of a program's tasks, in order, so that it can be learned again: the same
/// results told to the same code make the same vertices, with the same numbers.
///
/// In pairs: a vertex and the result that it told (for [#failed], the code broke a rule then), or
/// [#RENEWED] where all classes of operations were made anew ([Learned#renew]): the class that a
/// new operation gets depends on that.
final class Lessons {
  private static final int RENEWED = -1;

  private final LongList vertices = new LongList();
  private final LongList results = new LongList();

  /// An edge was learned.
  void learn(int vertex, long result) {
    vertices.add(vertex);
    results.add(result);
  }

  /// The code broke a rule where an edge should have been learned.
  void fail(int vertex, long result) {
    learn(failed(vertex), result);
  }

  void renew() {
    learn(RENEWED, 0);
  }

  private static int failed(int vertex) {
    return RENEWED - 1 - vertex;
  }

  void write(WholeFile.Out out) {
    out.put(vertices.size());
    for (int i = 0; i < vertices.size(); i++) {
      out.put(vertices.get(i));
      out.put(results.get(i));
    }
  }

  static Lessons read(WholeFile.In in) throws IOException {
    var lessons = new Lessons();
    int size = in.getInt();
    for (int i = 0; i < size; i++) {
      lessons.learn(Math.toIntExact(in.getLong()), in.getLong());
    }
    return lessons;
  }

  /// Has all this learned, after the same beginning.
  ///
  /// @return false if the tasks do something else than they did
  boolean again(Learned learned) {
    for (int i = 0; i < vertices.size(); i++) {
      int vertex = (int) vertices.get(i);
      if (vertex == RENEWED) {
        learned.renew();
        continue;
      }
      boolean fails = vertex < RENEWED;
      if (fails != again(learned, fails ? failed(vertex) : vertex, results.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// Whether the code breaks a rule, or has nothing to tell here.
  private static boolean again(Learned learned, int vertex, long result) {
    if (!isUnknown(learned.automaton, vertex, result)) {
      return true;
    }
    try {
      learned.relearn(vertex, result);
      return false;
    } catch (ProgramBug broken) {
      learned.lessons().fail(vertex, result);
      return true;
    }
  }

  private static boolean isUnknown(Automaton automaton, int vertex, long result) {
    return vertex < automaton.size()
        && Code.isOperation(automaton.code[vertex])
        && automaton.edge(vertex, result) == Automaton.UNKNOWN;
  }
}
