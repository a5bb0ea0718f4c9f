package shootdown.sched;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Who waits for a lock that is one word with others ([Program#together]) says so in that word:
/// whoever releases the lock wakes only those (PG_waiters of `page->flags`). A torn update of the
/// word loses that, and the waiter sleeps for ever.
///
/// To say so is a step. It is made only where an update of such a word is torn by a [Mutation];
/// otherwise nobody can tell the difference.
final class Waiters {
  private final Steps steps;
  private final Map<Integer, Word> said = new HashMap<>();

  /// @param locks those that are one word with others
  Waiters(Program program, Iterable<Integer> locks) {
    this.steps = program.steps();
    for (int lock : locks) {
      var words =
          program.words(
              _ -> "waiters for " + program.nameOf(lock), 1, 0, Long::toString, false);
      said.put(lock, words.at(0));
    }
  }

  /// Takes a lock, or tries to; tells whether it did.
  long take(Op op) {
    if (op.kind() != OpKind.LOCK || !said.containsKey(op.word())) {
      return steps.executor().perform(op);
    }
    if (steps.executor().perform(new Op(OpKind.TRY_LOCK, op.word(), 0, 0)) == 0) {
      said.get(op.word()).write(1);
      steps.executor().perform(op);
    }
    return 1;
  }

  /// The running task is about to wait until a lock is free, which it does not take.
  void waitsFor(int lock) {
    if (said.containsKey(lock)
        && steps.executor().perform(new Op(OpKind.TEST, lock, Long.MIN_VALUE, 0)) != 0) {
      said.get(lock).write(1);
    }
  }

  /// A lock is about to be released: its waiters are woken.
  void release(int lock) {
    var word = said.get(lock);
    if (word != null && word.is(1)) {
      word.write(0);
    }
  }

  /// Where it is said that somebody waits for one of these locks.
  List<Integer> of(List<Integer> locks) {
    return locks.stream().filter(said::containsKey).map(i -> said.get(i).index()).toList();
  }
}
