package shootdown.check;

import java.util.Arrays;
import shootdown.sched.Program;

/// One state, changed in place: memory, where each task stands, and the fingerprint of both. A step
/// can be undone.
///
/// A step is one operation or one atomic block of one task, and what may be merged with it:
///
/// ```text
/// taking a lock, BOTH …, then one NONE, then BOTH and LEFT …     (see Movers)
/// ```
///
/// It ends before an operation that waits, fails or chooses, and where a loop goes round.
///
/// An atomic block whose operations are all BOTH, on the way that is gone through it, is merged as
/// they would be without the block. What comes before the first that is not can be read by nobody
/// else and depends on nobody else, so it is enough to try it and take it back.
final class Stepper {
  /// More operations than this in one step are taken for an endless loop of private operations.
  private static final int MAX_OPERATIONS = 1_000_000;

  private final Automaton automaton;
  private final Fingerprints fingerprints;
  private final Edges edges;
  private final Watcher watcher;
  private final boolean seesOperations;
  private final long[] initial;
  private final int[] roots;

  final long[] memory;
  final int[] at;
  long fingerprint;

  private int[] undoWord = new int[1024];
  private long[] undoValue = new long[1024];
  private int undos;

  // about the last step
  boolean progressed;
  private int closing;
  int operations;

  /// The bits of the words that it used, and of those that it changed; see [Automaton#bit].
  long touched;

  long changed;

  /// Where edges that are not known yet come from.
  interface Edges {
    /// Where an operation leads that told `result` and left `memory`, which is not kept.
    int learn(int vertex, long result, long[] memory);

    /// A task came to where its code threw.
    ///
    /// @throws ProgramBug always
    void crashed(int vertex);
  }

  /// Is told what steps do.
  interface Watcher {
    /// A task reports violation `id`; the step under way has performed [Stepper#operations], this
    /// one included.
    void violated(int task, long id);

    /// Whether [#performed] is to be called; asked once.
    default boolean seesOperations() {
      return false;
    }

    /// An operation was performed.
    default void performed(int task, int vertex, long before, long after, long result) {}
  }

  Stepper(Program program, Automaton automaton, int[] roots, Fingerprints f, Edges e, Watcher w) {
    this.automaton = automaton;
    this.fingerprints = f;
    this.edges = e;
    this.watcher = w;
    this.seesOperations = w.seesOperations();
    this.roots = roots;
    this.initial = Arrays.copyOf(program.initialMemory(), Math.max(1, program.size()));
    this.memory = initial.clone();
    this.at = roots.clone();
  }

  /// Goes to the first state: all that tasks do unseen before their first step is done.
  void reset() {
    System.arraycopy(initial, 0, memory, 0, memory.length);
    System.arraycopy(roots, 0, at, 0, at.length);
    undos = 0;
    fingerprint = 0;
    for (int t = 0; t < at.length; t++) {
      fingerprint ^= fingerprints.task(t, at[t]);
    }
    for (int t = 0; t < at.length; t++) {
      operations = 0;
      if (automaton.mover[at[t]] == Movers.BOTH && staysUnseen(t)) {
        run(t, 0, false);
      }
    }
  }

  /// Takes over memory alone: [#canPerform] and [#act] can be called then, and nothing else.
  void continueFrom(long[] other) {
    System.arraycopy(other, 0, memory, 0, memory.length);
    undos = 0;
  }

  /// Whether `task` can perform its next operation.
  boolean isEnabled(int task) {
    return canPerform(at[task]);
  }

  /// Whether operation `n` need not wait.
  boolean canPerform(int n) {
    long v = memory[automaton.word[n]];
    return switch (automaton.code[n]) {
      case Code.AWAIT, Code.SLEEP -> (v & automaton.a[n]) == automaton.b[n];
      case Code.LOCK -> v == 0;
      case Code.READ_LOCK -> v >= 0;
      case Code.END, Code.CRASH -> false;
      default -> true;
    };
  }

  /// Number of values that `task` chooses among; 0 if it does not stand at a choice.
  int choices(int task) {
    int n = at[task];
    return automaton.code[n] == Code.CHOOSE ? (int) automaton.a[n] : 0;
  }

  /// How far changes go that can be undone.
  int mark() {
    return undos;
  }

  /// Whether the last step went round a loop, or by an edge that closes a cycle of vertices and was
  /// learned on the way.
  boolean mayClose() {
    return closing != 0;
  }

  /// Whether `task` is where no other task is followed.
  boolean isFollowedAlone(int task) {
    return (automaton.flags[at[task]] & Automaton.ALONE) != 0;
  }

  /// Whether no change since `mark` is one that `recurrence` excludes from cycles.
  boolean mayComeBack(Recurrence recurrence, int mark) {
    for (int i = mark; i < undos; i++) {
      if (!recurrence.comesBack(undoWord[i], undoValue[i], memory[undoWord[i]])) {
        return false;
      }
    }
    return true;
  }

  /// Takes the last step back: memory as at `mark`; `task` where it was.
  void undo(int mark, int task, int vertex, long oldFingerprint) {
    while (undos > mark) {
      undos--;
      memory[undoWord[undos]] = undoValue[undos];
    }
    at[task] = vertex;
    fingerprint = oldFingerprint;
  }

  /// Performs a step of an enabled task.
  ///
  /// @param choice what it chooses, where it stands at a choice
  /// @return whether the run goes on; false after a failure, which leaves no state
  boolean step(int task, int choice) {
    operations = 0;
    touched = 0;
    changed = 0;
    int mover = automaton.mover[at[task]];
    return run(task, choice, mover == Movers.RIGHT || mover == Movers.BOTH);
  }

  /// @param early whether an operation that may not be moved can still join
  private boolean run(int task, int choice, boolean early) {
    progressed = false;
    closing = 0;
    int from = at[task];
    int n = from;
    boolean mayJoin = early;
    while (true) {
      if (automaton.code[n] == Code.FAIL) {
        operations++;
        if (seesOperations) {
          watcher.performed(task, n, 0, 0, 0);
        }
        watcher.violated(task, automaton.a[n]);
        return false;
      }
      int edge = perform(task, n, choice);
      closing |= (edge & Automaton.AGAIN) | (automaton.flags[n] & Automaton.CLOSING);
      n = edge & Automaton.VERTEX;
      at[task] = n;
      int mover = automaton.mover[n];
      if (automaton.isMid(n)) {
        if (automaton.code[n] == Code.CHOOSE) {
          break;
        }
        mayJoin &= mover == Movers.BOTH;
        continue;
      }
      if ((edge & Automaton.AGAIN) != 0) {
        break;
      }
      if (mover == Movers.LEFT || (mover == Movers.NONE && mayJoin)) {
        mayJoin = false;
      } else if (mover != Movers.BOTH || !isEnabled(task) || !(mayJoin || staysUnseen(task))) {
        break;
      }
    }
    if (automaton.code[n] == Code.CRASH) {
      edges.crashed(n);
    }
    fingerprint ^= fingerprints.task(task, from) ^ fingerprints.task(task, n);
    return true;
  }

  /// Whether `task`, which stands at BOTH, would not meet another class within the atomic block
  /// that it is about to enter, if it is.
  private boolean staysUnseen(int task) {
    int n = at[task];
    if (!automaton.isEntry(n)) {
      return true;
    }
    int mark = undos;
    long before = fingerprint;
    int performed = operations;
    do {
      count(task);
      n = edge(n, act(task, n, 0)) & Automaton.VERTEX;
    } while (automaton.isMid(n) && automaton.mover[n] == Movers.BOTH);
    undo(mark, task, at[task], before);
    operations = performed;
    return !automaton.isMid(n);
  }

  private int perform(int task, int n, int choice) {
    count(task);
    long result = seesOperations ? seen(task, n, choice) : act(task, n, choice);
    if (automaton.code[n] == Code.VIOLATE) {
      watcher.violated(task, automaton.a[n]);
    }
    return edge(n, result);
  }

  private void count(int task) {
    if (++operations > MAX_OPERATIONS) {
      throw new ProgramBug(
          "task " + task + " goes on for ever without a step that others can see: a loop that is"
              + " no Steps.loop",
          Schedule.EMPTY,
          null);
    }
  }

  private int edge(int n, long result) {
    int edge =
        result == 0
            ? automaton.edge0[n]
            : result == 1 ? automaton.edge1[n] : automaton.others.get(n, result);
    return edge != Automaton.UNKNOWN ? edge : edges.learn(n, result, memory);
  }

  private long seen(int task, int n, int choice) {
    long before = memory[automaton.word[n]];
    long result = act(task, n, choice);
    watcher.performed(task, n, before, memory[automaton.word[n]], result);
    return result;
  }

  /// Changes memory as operation `n` of `task` does; tells what it tells.
  long act(int task, int n, int choice) {
    int w = automaton.word[n];
    long v = memory[w];
    long a = automaton.a[n];
    long after = v;
    long result = 0;
    switch (automaton.code[n]) {
      case Code.READ -> result = v;
      case Code.READ_MASKED -> result = v & a;
      case Code.IS -> result = v == a ? 1 : 0;
      case Code.TEST -> result = (v & a) != 0 ? 1 : 0;
      case Code.WRITE -> after = a;
      case Code.ADD -> after = v + a;
      case Code.ADD_IS_ZERO -> {
        after = v + a;
        result = after == 0 ? 1 : 0;
      }
      case Code.ADD_UNLESS_ZERO -> {
        after = v == 0 ? 0 : v + a;
        result = v == 0 ? 0 : 1;
      }
      case Code.SWAP -> {
        after = a;
        result = v;
      }
      case Code.CAS -> {
        after = v == a ? automaton.b[n] : v;
        result = v == a ? 1 : 0;
      }
      case Code.OR -> after = v | a;
      case Code.AND_NOT -> after = v & ~a;
      case Code.TEST_AND_SET -> {
        after = v | a;
        result = (v & a) != 0 ? 1 : 0;
      }
      case Code.TEST_AND_CLEAR -> {
        after = v & ~a;
        result = (v & a) != 0 ? 1 : 0;
      }
      case Code.REPLACE -> after = (v & ~a) | (automaton.b[n] & a);
      case Code.LOCK -> after = -(task + 1L);
      case Code.TRY_LOCK -> {
        after = v == 0 ? -(task + 1L) : v;
        result = v == 0 ? 1 : 0;
      }
      case Code.UNLOCK -> after = 0;
      case Code.READ_LOCK -> after = v + 1;
      case Code.TRY_READ_LOCK -> {
        after = v >= 0 ? v + 1 : v;
        result = v >= 0 ? 1 : 0;
      }
      case Code.READ_UNLOCK -> after = v - 1;
      case Code.DOWNGRADE -> after = 1;
      case Code.CHOOSE -> result = choice;
      case Code.VIOLATE -> result = 0;
      case Code.PROGRESS -> progressed = true;
      default -> result = 0;
    }
    touched |= automaton.bit[n];
    if (after != v) {
      changed |= automaton.bit[n];
      change(w, v, after);
    }
    return result;
  }

  private void change(int w, long before, long after) {
    if (undos == undoWord.length) {
      undoWord = Arrays.copyOf(undoWord, 2 * undos);
      undoValue = Arrays.copyOf(undoValue, 2 * undos);
    }
    undoWord[undos] = w;
    undoValue[undos] = before;
    undos++;
    memory[w] = after;
    fingerprint ^= fingerprints.word(w, before) ^ fingerprints.word(w, after);
  }
}
