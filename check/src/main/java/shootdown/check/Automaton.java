package shootdown.check;

import java.util.Arrays;
import shootdown.sched.HeldLocks;
import shootdown.sched.Op;
import shootdown.sched.Task;

/// What has been learned of all tasks: for each a tree of vertices, in flat arrays.
///
/// ```text
/// operation ── what it told ──────────────► next operation
/// CALL      ── INSIDE ────────────────────► first operation of the scope's body
///           ── RESULT(value, standing) ───► first operation after the scope
/// LOOP      ── TURN(live, standing) ──────► first operation of that turn
///           ── RESULT(value, standing) ───► first operation after the loop
/// ```
///
/// An edge always ends at an operation, [Code#END] or [Code#CRASH]: where a body returned, or a
/// loop went round, on the way has been followed when the edge was learned. So the position of a
/// task is one int, without a stack. A vertex keeps the edge of its parent in the tree, which is
/// all that running the task's code up to there takes.
final class Automaton {
  /// No such edge yet.
  static final int UNKNOWN = -1;

  /// Flag of an edge that goes round a loop; the rest of the int is the vertex it leads to.
  static final int AGAIN = 1 << 30;

  static final int VERTEX = AGAIN - 1;

  /// [#flags]: in the middle of an atomic block, where no other task may run.
  static final byte MID = 1;

  /// [#flags]: the first operation of a loop's turn.
  static final byte HEAD = 2;

  /// [#flags]: a choice at which only its task is followed.
  static final byte LOCAL = 4;

  /// [#flags]: either of them.
  static final byte ALONE = MID | LOCAL;

  /// [#flags] in a worker's copy: an edge from here was learned on the way that may close a cycle.
  static final byte CLOSING = 8;

  /// [#flags]: the first operation of an atomic block.
  static final byte ENTRY = 16;

  // hot: what a step reads
  byte[] code = new byte[1024];
  byte[] mover = new byte[1024];
  byte[] flags = new byte[1024];
  int[] word = new int[1024];

  /// One bit that tells what others may see of an operation: two that may not commute have the same
  /// one. Words share bits where there are too many.
  long[] bit = new long[1024];

  long[] a = new long[1024];
  long[] b = new long[1024];
  int[] edge0 = new int[1024];
  int[] edge1 = new int[1024];
  final EdgeMap others = new EdgeMap();

  // cold: what learning and reporting read
  byte[] task = new byte[1024];
  int[] parent = new int[1024];
  long[] label = new long[1024];
  int[] standing = new int[1024];
  Object[] what = new Object[1024];

  final Interner<Standing> standings = new Interner<>();
  private int size;
  private int operations;

  /// What a task stands on besides its history's values.
  ///
  /// @param held the locks it holds
  /// @param mid whether it has performed an operation of an atomic block that it has not left
  record Standing(HeldLocks held, boolean mid) {}

  /// Number of vertices.
  int size() {
    return size;
  }

  /// Number of operations among the vertices.
  int operations() {
    return operations;
  }

  /// A new vertex, without edges. `of` is its [Op], its name, or what it threw.
  int add(Task owner, int newCode, Object of, int parentVertex, long parentLabel) {
    if (size == code.length) {
      grow();
    }
    int v = size++;
    code[v] = (byte) newCode;
    mover[v] = Movers.STOP;
    task[v] = (byte) owner.id();
    what[v] = of;
    parent[v] = parentVertex;
    label[v] = parentLabel;
    edge0[v] = UNKNOWN;
    edge1[v] = UNKNOWN;
    if (of instanceof Op op) {
      operations++;
      word[v] = Math.max(0, op.word());
      a[v] = op.a();
      b[v] = op.b();
    }
    return v;
  }

  /// The edge of vertex `v` for a label, or [#UNKNOWN].
  int edge(int v, long edgeLabel) {
    if (edgeLabel == 0) {
      return edge0[v];
    }
    return edgeLabel == 1 ? edge1[v] : others.get(v, edgeLabel);
  }

  void setEdge(int v, long edgeLabel, int edge) {
    if (edgeLabel == 0) {
      edge0[v] = edge;
    } else if (edgeLabel == 1) {
      edge1[v] = edge;
    } else {
      others.put(v, edgeLabel, edge);
    }
  }

  Op op(int v) {
    return (Op) what[v];
  }

  HeldLocks held(int v) {
    return standings.value(standing[v]).held();
  }

  boolean isMid(int v) {
    return (flags[v] & MID) != 0;
  }

  boolean isEntry(int v) {
    return (flags[v] & ENTRY) != 0;
  }

  /// Whether an operation is one of an atomic block.
  boolean isInBlock(int v) {
    return (flags[v] & (MID | ENTRY)) != 0;
  }

  /// The kind of names that is chosen among at a vertex; -1 where none is.
  int kindOfChoice(int vertex) {
    return code[vertex] == Code.CHOOSE && b[vertex] > 0 ? (int) b[vertex] - 1 : -1;
  }

  boolean isHead(int v) {
    return (flags[v] & HEAD) != 0;
  }

  /// Vertices from the root of the task's tree to `v`, which is the last.
  int[] path(int v) {
    int length = 0;
    for (int at = v; at >= 0; at = parent[at]) {
      length++;
    }
    int[] path = new int[length];
    for (int at = v; at >= 0; at = parent[at]) {
      path[--length] = at;
    }
    return path;
  }

  /// Calls `each` for all edges between operations.
  void forEachEdge(Edge each) {
    for (int v = 0; v < size; v++) {
      if (Code.isOperation(code[v])) {
        tell(each, v, 0, edge0[v]);
        tell(each, v, 1, edge1[v]);
      }
    }
    others.forEach(
        (v, told, edge) -> {
          if (Code.isOperation(code[v])) {
            tell(each, v, told, edge);
          }
        });
  }

  private static void tell(Edge each, int from, long told, int edge) {
    if (edge != UNKNOWN) {
      each.leads(from, told, edge & VERTEX);
    }
  }

  /// See [#forEachEdge].
  @FunctionalInterface
  interface Edge {
    void leads(int from, long told, int to);
  }

  /// A number that differs, almost surely, for automata that differ in what a search sees of them.
  long digest() {
    long sum = size;
    for (int v = 0; v < size; v++) {
      int edge = 31 * parent[v] + Long.hashCode(label[v]);
      int kind = code[v] << 24 ^ task[v] << 16 ^ mover[v] << 8 ^ flags[v];
      sum = mixed(sum, (long) edge << 32 | kind & 0xffff_ffffL);
      sum = mixed(mixed(mixed(sum, word[v]), a[v]), b[v]);
      sum = mixed(sum, what[v] instanceof String name ? name.hashCode() : 0);
    }
    return sum;
  }

  private static long mixed(long sum, long more) {
    long z = (sum ^ more) * 0xBEA225F9EB34556DL;
    return z ^ z >>> 32;
  }

  /// Takes over the vertices that `other` has beyond those of this one, without edges and without
  /// what only learning and reporting read.
  void catchUpWith(Automaton other) {
    while (code.length < other.size) {
      grow();
    }
    int news = other.size - size;
    System.arraycopy(other.code, size, code, size, news);
    System.arraycopy(other.mover, size, mover, size, news);
    System.arraycopy(other.flags, size, flags, size, news);
    System.arraycopy(other.word, size, word, size, news);
    System.arraycopy(other.bit, size, bit, size, news);
    System.arraycopy(other.a, size, a, size, news);
    System.arraycopy(other.b, size, b, size, news);
    Arrays.fill(edge0, size, other.size, UNKNOWN);
    Arrays.fill(edge1, size, other.size, UNKNOWN);
    size = other.size;
  }

  private void grow() {
    int more = 2 * code.length;
    code = Arrays.copyOf(code, more);
    mover = Arrays.copyOf(mover, more);
    flags = Arrays.copyOf(flags, more);
    word = Arrays.copyOf(word, more);
    bit = Arrays.copyOf(bit, more);
    a = Arrays.copyOf(a, more);
    b = Arrays.copyOf(b, more);
    edge0 = Arrays.copyOf(edge0, more);
    edge1 = Arrays.copyOf(edge1, more);
    task = Arrays.copyOf(task, more);
    parent = Arrays.copyOf(parent, more);
    label = Arrays.copyOf(label, more);
    standing = Arrays.copyOf(standing, more);
    what = Arrays.copyOf(what, more);
  }
}
