package shootdown.check;

import java.util.Arrays;

/// Which steps can be part of a cycle of states, as far as the automaton tells.
///
/// On a cycle of states every task that steps comes back to its vertex, so it stays in one strongly
/// connected component of its automaton; and memory comes back to what it was, so no bit is changed
/// that only one kind of operation within such components changes: one that is only ever set there,
/// for example. All other steps are *recurrent*. And whoever comes back to its vertex goes round a
/// loop ([Automaton#AGAIN]).
///
/// So states have a cycle if and only if recurrent steps have one, and it can be looked for after
/// recurrent steps that go round a loop. What is learned while states are searched makes more steps
/// recurrent. No cycle is missed all the same: let e be the edge of a cycle that was learned last.
/// Whoever takes e knows all other edges. If e goes round a loop, the cycle is looked for then; it
/// is, too, if e led to a known vertex when it was learned ([Automaton#CLOSING]); and no other edge
/// can be the last one, since a new vertex has no edges.
final class Recurrence {
  private final int[] component;
  private final long[] changing;

  /// From all that has been learned until now; to be called while nobody learns.
  Recurrence(Learned learned) {
    component = new VertexComponents(learned.automaton).numbers();
    changing = new long[Math.max(1, learned.program.size())];
    long[] sets = new long[changing.length];
    long[] clears = new long[changing.length];
    for (int v = 0; v < component.length; v++) {
      if (component[v] >= 0) {
        int w = learned.automaton.word[v];
        sets[w] |= sets(learned.automaton, v);
        clears[w] |= clears(learned.automaton, v);
      }
    }
    Arrays.setAll(changing, w -> sets[w] & clears[w]);
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

  /// Bits that an operation may set.
  private static long sets(Automaton automaton, int v) {
    long a = automaton.a[v];
    return switch (automaton.code[v]) {
      case Code.WRITE, Code.SWAP, Code.OR, Code.TEST_AND_SET -> a;
      case Code.CAS -> automaton.b[v];
      case Code.REPLACE -> automaton.b[v] & a;
      case Code.AND_NOT, Code.TEST_AND_CLEAR -> 0;
      default -> changesNothing(automaton.code[v]) ? 0 : -1;
    };
  }

  /// Bits that an operation may clear.
  private static long clears(Automaton automaton, int v) {
    long a = automaton.a[v];
    return switch (automaton.code[v]) {
      case Code.WRITE, Code.SWAP -> ~a;
      case Code.CAS -> ~automaton.b[v];
      case Code.REPLACE -> ~automaton.b[v] & a;
      case Code.AND_NOT, Code.TEST_AND_CLEAR -> a;
      case Code.OR, Code.TEST_AND_SET -> 0;
      default -> changesNothing(automaton.code[v]) ? 0 : -1;
    };
  }

  private static boolean changesNothing(int code) {
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
      default -> false;
    };
  }
}
