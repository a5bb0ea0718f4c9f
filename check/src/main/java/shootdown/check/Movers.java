package shootdown.check;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import shootdown.sched.Op;
import shootdown.sched.OpKind;
import shootdown.sched.Program;
import shootdown.sched.Task;

/// Says of each operation how it commutes with other tasks' operations, from how all that has been
/// learned uses its word.
///
/// A class is a guess: every word is taken to be private, or protected by locks, until an operation
/// is learned that shows the contrary. Then [#isOutdated] holds, and what was searched must be
/// searched again after [#renew].
///
/// ```text
/// BOTH   commutes with all others       word private, never written or protected by a lock
/// LEFT   may happen earlier             release of a lock that nobody tries to take
/// NONE   may not be moved               all other accesses; what is reported in an atomic block
/// STOP   a step begins here             what waits, chooses or fails, and where a loop of a daemon
///                                       begins a turn: a run that never rests may be over there
/// RIGHT  as STOP; may happen later      taking a lock that nobody tries to take
/// ```
///
/// The operations of an atomic block have classes of their own, but there is no LEFT among them. Of
/// one way through a block all are BOTH or not, which [Stepper] finds out by going it.
final class Movers {
  static final byte BOTH = 0;
  static final byte LEFT = 1;
  static final byte NONE = 2;
  static final byte STOP = 3;
  static final byte RIGHT = 4;

  private final Automaton automaton;
  private final Reductions reductions;
  private final Map<Integer, WordUse> uses = new HashMap<>();

  /// Of the words of operations that do not commute with all others, as they were met.
  private final Map<Integer, Integer> numbers = new HashMap<>();

  private final BitSet daemons = new BitSet();
  private boolean outdated;

  Movers(Program program, Automaton automaton, Reductions reductions) {
    this.automaton = automaton;
    for (var task : program.tasks()) {
      daemons.set(task.id(), task.kind() == Task.Kind.DAEMON);
    }
    this.reductions = reductions;
  }

  boolean isOutdated() {
    return outdated;
  }

  /// Takes an operation that was just learned into account.
  void learned(int vertex) {
    var op = automaton.op(vertex);
    if (op.kind().touchesWord()) {
      use(op, vertex);
    }
    classify(vertex);
  }

  private void classify(int vertex) {
    byte own = ofOperation(vertex);
    automaton.mover[vertex] = ofVertex(vertex, own);
    automaton.bit[vertex] = own == BOTH ? 0 : bit(automaton.op(vertex));
  }

  /// See [Automaton#bit]; words get theirs in turn.
  private long bit(Op op) {
    return op.kind().touchesWord()
        ? 1L << numbers.computeIfAbsent(op.word(), _ -> numbers.size())
        : 0;
  }

  private void use(Op op, int vertex) {
    var use = uses.computeIfAbsent(op.word(), _ -> new WordUse());
    int before = classes(use, op.kind().isLocking());
    use.add(automaton.task[vertex], op.kind().writes(), automaton.held(vertex));
    if (op.kind() == OpKind.TRY_LOCK || op.kind() == OpKind.TRY_READ_LOCK) {
      use.tried();
    }
    outdated |= before != classes(use, op.kind().isLocking());
  }

  /// All that the classes of a word's operations depend on.
  private int classes(WordUse use, boolean asLock) {
    if (asLock) {
      return (isOwn(use) ? 1 : 0) + (isMovable(use) ? 2 : 0);
    }
    return isUnseen(use) ? 1 : 0;
  }

  /// Classes of all operations from all that is known now.
  void renew() {
    outdated = false;
    for (int v = 0; v < automaton.size(); v++) {
      if (Code.isOperation(automaton.code[v])) {
        classify(v);
      } else {
        automaton.mover[v] = STOP;
      }
    }
  }

  private byte ofVertex(int vertex, byte own) {
    if (daemons.get(automaton.task[vertex]) && automaton.isHead(vertex)) {
      return STOP;
    }
    if (!automaton.isInBlock(vertex)) {
      return own;
    }
    if (own == STOP || own == RIGHT) {
      return STOP;
    }
    return own == BOTH && automaton.code[vertex] != Code.VIOLATE ? BOTH : NONE;
  }

  private byte ofOperation(int vertex) {
    if (!Code.isOperation(automaton.code[vertex])) {
      return STOP;
    }
    var op = automaton.op(vertex);
    return switch (op.kind()) {
      case CHOOSE, FAIL, AWAIT, SLEEP -> STOP;
      case VIOLATE, PROGRESS -> reductions.has(Reduction.PRIVATE_WORDS) ? BOTH : NONE;
      case LOCK, READ_LOCK -> ofLock(uses.get(op.word()), RIGHT, STOP);
      case UNLOCK, READ_UNLOCK, DOWNGRADE -> ofLock(uses.get(op.word()), LEFT, NONE);
      case TRY_LOCK, TRY_READ_LOCK -> ofLock(uses.get(op.word()), NONE, NONE);
      default -> isUnseen(uses.get(op.word())) ? BOTH : NONE;
    };
  }

  private byte ofLock(WordUse use, byte movable, byte otherwise) {
    if (isOwn(use)) {
      return BOTH;
    }
    return isMovable(use) ? movable : otherwise;
  }

  /// A lock that one task alone uses.
  private boolean isOwn(WordUse use) {
    return reductions.has(Reduction.PRIVATE_WORDS) && !use.hasSeveralTasks();
  }

  private boolean isMovable(WordUse use) {
    return reductions.has(Reduction.LOCK_MOVERS) && !use.isTried();
  }

  private boolean isUnseen(WordUse use) {
    return use.isShared()
        ? reductions.has(Reduction.LOCKED_WORDS) && !use.isUnprotected()
        : reductions.has(Reduction.PRIVATE_WORDS);
  }
}
