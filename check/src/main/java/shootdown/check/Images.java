package shootdown.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import shootdown.sched.Op;
import shootdown.sched.OpKind;
import shootdown.sched.Program;

/// What vertices become when things are renamed that are alike: the image of what a task does after
/// it was told something is what the task's image does after it was told the image of that.
///
/// Whatever is learned is learned for all images at once, so images are known wherever a search
/// comes to; and what is declared is not believed but found true of every edge, or a fault.
///
/// ```text
///   v ── result ──► u               edges of a task
///   │               │  image        must be an operation of the same kind, on the image of the
///   ▼               ▼               word, with the images of the values
///   v'── result'──► u'              edges of its image
/// ```
final class Images {
  private static final int UNKNOWN = -1;

  private final Program program;
  private final Automaton automaton;
  private final Learner learner;
  private final Renamings renamings;
  private final int[][] image;
  private boolean[] isMasked = new boolean[1024];
  private final VisitedSet compared = new VisitedSet();
  private final List<Edge> again = new ArrayList<>();

  /// What a task is told at a vertex.
  private record Edge(int vertex, long result) {}

  Images(Program program, Automaton automaton, Learner learner) {
    this.program = program;
    this.automaton = automaton;
    this.learner = learner;
    renamings = new Renamings(program);
    image = new int[renamings.count()][0];
  }

  Renamings renamings() {
    return renamings;
  }

  /// What `vertex` becomes by generator `g`.
  int of(int g, int vertex) {
    return image[g][vertex];
  }

  /// Takes where tasks begin into account.
  void begin(int[] roots) {
    for (int g = 0; g < image.length; g++) {
      for (int t = 0; t < roots.length; t++) {
        define(g, roots[t], roots[renamings.task(g, t)]);
      }
    }
  }

  /// Learns the images of what was just learned.
  ///
  /// @param result what `vertex` told, by which it began
  /// @param memory after that; is not kept
  /// @throws ProgramBug if tasks that are said to be alike differ
  void learned(int vertex, long result, long[] memory) {
    var taught = new ArrayList<Edge>();
    take(taught);
    learnAhead(new Edge(vertex, result), memory, taught);
    define(taught);
  }

  /// Something was learned that had been learned at another time: edges and their images.
  void relearn() {
    take(again);
  }

  /// All was learned again.
  void relearned() {
    define(again);
    again.clear();
  }

  private void define(List<Edge> taught) {
    var done = new HashSet<Edge>();
    for (int i = 0; i < taught.size(); i++) {
      if (done.add(taught.get(i))) {
        var orbit = orbit(taught.get(i), taught);
        done.addAll(orbit);
        orbit.forEach(this::define);
      }
    }
  }

  /// Learns the images of an edge, and what follows where the image of a task runs on alone in the
  /// image of memory: most of what is taught has its images then.
  private void learnAhead(Edge first, long[] memory, List<Edge> taught) {
    List<Edge> all = new ArrayList<>(List.of(first));
    var memories = new HashMap<Edge, long[]>();
    memories.put(first, memory.clone());
    for (int i = 0; i < all.size(); i++) {
      for (int g = 0; g < image.length; g++) {
        var other = imageOf(g, all.get(i));
        if (!memories.containsKey(other)) {
          long[] otherMemory = renamings.memory(g, memories.get(all.get(i)));
          memories.put(other, otherMemory);
          all.add(other);
          if (isUnknown(other)) {
            learner.learn(other.vertex, other.result, otherMemory);
            take(taught);
          }
        }
      }
    }
  }

  private LinkedHashSet<Edge> orbit(Edge first, List<Edge> taught) {
    var orbit = new LinkedHashSet<Edge>();
    List<Edge> all = new ArrayList<>(List.of(first));
    orbit.add(first);
    for (int i = 0; i < all.size(); i++) {
      for (int g = 0; g < image.length; g++) {
        var other = imageOf(g, all.get(i));
        if (orbit.add(other)) {
          all.add(other);
          if (isUnknown(other)) {
            learner.relearn(other.vertex, other.result);
            take(taught);
          }
        }
      }
    }
    return orbit;
  }

  private boolean isUnknown(Edge edge) {
    return automaton.edge(edge.vertex, edge.result) == Automaton.UNKNOWN;
  }

  private void take(List<Edge> taught) {
    for (int i = 0; i < learner.taughtFrom.size(); i++) {
      taught.add(new Edge(learner.taughtFrom.get(i), learner.taughtTold.get(i)));
    }
  }

  /// Where an edge leads has the images to which its images lead.
  private void define(Edge edge) {
    int to = automaton.edge(edge.vertex, edge.result);
    for (int g = 0; g < image.length; g++) {
      var other = imageOf(g, edge);
      int otherTo = automaton.edge(other.vertex, other.result);
      if ((to & Automaton.AGAIN) != (otherTo & Automaton.AGAIN)) {
        throw differ(g, edge.vertex, other.vertex, "goes round a loop");
      }
      define(g, to & Automaton.VERTEX, otherTo & Automaton.VERTEX);
    }
  }

  private Edge imageOf(int g, Edge edge) {
    return new Edge(image[g][edge.vertex], result(g, edge.vertex, edge.result));
  }

  /// What is told at the image of `vertex` where `result` is told there.
  private long result(int g, int vertex, long result) {
    return switch (automaton.code[vertex]) {
      case Code.READ, Code.SWAP, Code.READ_MASKED ->
          renamings.value(g, automaton.word[vertex], result);
      case Code.CHOOSE -> choice(g, vertex, (int) result);
      default -> result;
    };
  }

  /// What is chosen at the image of `vertex` where `choice` is chosen there.
  int choice(int g, int vertex, int choice) {
    int kind = automaton.kindOfChoice(vertex);
    return kind < 0 ? choice : renamings.choice(g, kind, choice);
  }

  private void define(int g, int vertex, int other) {
    if (image[g].length < automaton.size()) {
      int known = image[g].length;
      image[g] = Arrays.copyOf(image[g], 2 * automaton.size());
      Arrays.fill(image[g], known, image[g].length, UNKNOWN);
    }
    int before = image[g][vertex];
    if (before == other) {
      return;
    }
    if (before != UNKNOWN) {
      throw differ(g, vertex, other, "is the same after different values, and its image is not");
    }
    image[g][vertex] = other;
    if (isMasked.length < automaton.size()) {
      isMasked = Arrays.copyOf(isMasked, 2 * automaton.size());
    }
    mustMatch(g, vertex, other);
  }

  private void mustMatch(int g, int vertex, int other) {
    int flags = automaton.flags[vertex] ^ automaton.flags[other];
    if (automaton.code[vertex] != automaton.code[other]
        || automaton.task[other] != renamings.task(g, automaton.task[vertex])
        || (flags & (Automaton.MID | Automaton.HEAD)) != 0) {
      throw differ(g, vertex, other, "does something else");
    }
    if (!Code.isOperation(automaton.code[vertex])) {
      return;
    }
    var op = automaton.op(vertex);
    var otherOp = automaton.op(other);
    boolean touches = op.kind().touchesWord();
    if (touches && otherOp.word() != renamings.word(g, op.word())) {
      throw differ(g, vertex, other, "uses another word");
    }
    boolean names = touches && renamings.holdsNames(op.word());
    if (names && isMasked(op.kind())) {
      isMasked[vertex] = true;
    } else if (names) {
      mustBe(otherOp.equals(image(g, op, otherOp.word())), g, vertex, other);
    } else if (op.kind() != OpKind.VIOLATE && op.kind() != OpKind.FAIL) {
      mustBe(otherOp.a() == op.a() && otherOp.b() == op.b(), g, vertex, other);
    }
  }

  private void mustBe(boolean same, int g, int vertex, int other) {
    if (!same) {
      throw differ(g, vertex, other, "uses other values");
    }
  }

  /// The image of an operation that writes, or compares with, whole values.
  private Op image(int g, Op op, int word) {
    long a = op.a();
    long b = op.b();
    return switch (op.kind()) {
      case WRITE, IS, SWAP -> new Op(op.kind(), word, renamings.value(g, op.word(), a), b);
      case CAS ->
          new Op(
              op.kind(),
              word,
              renamings.value(g, op.word(), a),
              renamings.value(g, op.word(), b));
      default -> new Op(op.kind(), word, a, b);
    };
  }

  /// Whether an operation looks at, or changes, some bits of a value only, or counts: then its
  /// image must be looked at for each value.
  private static boolean isMasked(OpKind kind) {
    return switch (kind) {
      case READ_MASKED, TEST, OR, AND_NOT, TEST_AND_SET, TEST_AND_CLEAR, REPLACE -> true;
      case AWAIT, SLEEP, ADD, ADD_IS_ZERO, ADD_UNLESS_ZERO -> true;
      default -> false;
    };
  }

  /// A task stands at `vertex`.
  void look(int vertex, long[] memory) {
    if (isMasked[vertex]) {
      look(vertex, memory[automaton.word[vertex]]);
    }
  }

  /// A task stands at `vertex`, or performs it, and its word holds `value`.
  void look(int vertex, long value) {
    if (isMasked[vertex] && compared.add(value * 0x9E3779B97F4A7C15L + vertex + 1)) {
      for (int g = 0; g < image.length; g++) {
        mustDoTheSame(g, vertex, value);
      }
    }
  }

  private void mustDoTheSame(int g, int vertex, long value) {
    int other = image[g][vertex];
    var op = automaton.op(vertex);
    var otherOp = automaton.op(other);
    int task = automaton.task[vertex];
    long otherValue = renamings.value(g, op.word(), value);
    boolean same = op.enabled(value) == otherOp.enabled(otherValue);
    if (same && op.enabled(value)) {
      long after = renamings.value(g, op.word(), op.after(value, task));
      same =
          after == otherOp.after(otherValue, renamings.task(g, task))
              && result(g, vertex, op.result(value)) == otherOp.result(otherValue);
    }
    mustBe(same, g, vertex, other);
  }

  private ProgramBug differ(int g, int vertex, int other, String how) {
    return renamings.bug(
        g,
        program.tasks().get(automaton.task[vertex]) + " comes to " + describe(vertex) + ", "
            + program.tasks().get(automaton.task[other]) + " in its place to " + describe(other)
            + ": it " + how);
  }

  private String describe(int vertex) {
    return automaton.what[vertex] instanceof Op op
        ? Describe.op(program, op)
        : String.valueOf(automaton.what[vertex]);
  }
}
