package shootdown.sched;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The locks that a task holds, immutable; the same for every run with the same history.
///
/// @param locks what is held, in the order of taking
public record HeldLocks(List<Held> locks) {
  public static final HeldLocks NONE = new HeldLocks(List.of());

  /// One held lock.
  ///
  /// @param word index of the lock's word
  /// @param exclusive held for writing
  /// @param kind its class
  /// @param phantom its holder only believes that it holds it: a [Mutation] left the taking out
  public record Held(int word, boolean exclusive, LockClass kind, boolean phantom) {}

  public boolean isEmpty() {
    return locks.isEmpty();
  }

  /// Whether the lock at `word` is held, in whichever mode.
  public boolean holds(int word) {
    return any(h -> h.word == word);
  }

  /// Whether the lock at `word` is held for writing.
  public boolean holdsExclusively(int word) {
    return any(h -> h.word == word && h.exclusive);
  }

  /// Whether a lock is held whose holder must not sleep.
  public boolean atomic() {
    return any(h -> !h.kind.sleeps());
  }

  /// Without the locks that the task only believes it holds: what keeps other tasks out.
  public HeldLocks real() {
    return !any(Held::phantom)
        ? this
        : new HeldLocks(locks.stream().filter(h -> !h.phantom).toList());
  }

  boolean holdsPhantom(int word) {
    return any(h -> h.word == word && h.phantom);
  }

  boolean holdsOneOf(LockClass kind) {
    return any(h -> h.kind.equals(kind));
  }

  /// A loop and no stream: each operation of a task's code asks, and few locks are held.
  private boolean any(Predicate<Held> condition) {
    for (var held : locks) {
      if (condition.test(held)) {
        return true;
      }
    }
    return false;
  }

  HeldLocks with(Held held) {
    var more = new ArrayList<>(locks);
    more.add(held);
    return new HeldLocks(List.copyOf(more));
  }

  HeldLocks without(int word) {
    return new HeldLocks(locks.stream().filter(h -> h.word != word).toList());
  }

  HeldLocks downgraded(int word) {
    return new HeldLocks(
        locks.stream()
            .map(h -> h.word == word ? new Held(h.word, false, h.kind, h.phantom) : h)
            .toList());
  }

  /// What is held after `op` told `result`. Executors call it for every locking operation.
  public HeldLocks after(Op op, long result, LockClass kind) {
    return switch (op.kind()) {
      case LOCK -> with(new Held(op.word(), true, kind, false));
      case READ_LOCK -> with(new Held(op.word(), false, kind, false));
      case TRY_LOCK -> result == 0 ? this : with(new Held(op.word(), true, kind, false));
      case TRY_READ_LOCK -> result == 0 ? this : with(new Held(op.word(), false, kind, false));
      case UNLOCK, READ_UNLOCK -> without(op.word());
      case DOWNGRADE -> downgraded(op.word());
      default -> this;
    };
  }
}
