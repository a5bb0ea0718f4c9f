package shootdown.sched;

import java.util.HashMap;
import java.util.Map;

/// Who meets whom at the locks that are taken at the site which a [Mutation] watches. Beside each
/// lock there is a word of those tasks that hold it and took it there: one bit each, in the low
/// half for those that write.
final class LockWatch {
  private static final int HALF = 32;

  private final Program program;
  private final Steps steps;
  private final Map<Integer, Word> takers = new HashMap<>();

  LockWatch(Program program, Iterable<Integer> locks) {
    this.program = program;
    this.steps = program.steps();
    for (int lock : locks) {
      var words =
          program.words(
              _ -> "takers of " + program.nameOf(lock), 1, 0, Long::toBinaryString, false);
      takers.put(lock, words.at(0));
    }
  }

  /// Takes a lock, or tries to; tells whether it did.
  ///
  /// @param what the name of what is done
  long take(Op op, String what) {
    boolean exclusive = op.kind() == OpKind.LOCK || op.kind() == OpKind.TRY_LOCK;
    if (!program.mutation().isWatching(steps.site(what))) {
      look(op.word(), exclusive);
      return steps.executor().perform(op);
    }
    long done = steps.executor().perform(new Op(trying(op.kind()), op.word(), 0, 0));
    if (done == 0) {
      program.mutation().noticeAtSite("it waits");
      if (op.kind().waits()) {
        steps.executor().perform(op);
        done = 1;
      }
    }
    if (done != 0) {
      takers.get(op.word()).set(bit(exclusive));
    }
    return done;
  }

  /// Notices if others hold the lock who took it at the site, so that the running task must wait.
  private void look(int lock, boolean exclusive) {
    if (takers.get(lock).test(exclusive ? -1L : (1L << HALF) - 1)) {
      steps.noticeWaiting();
    }
  }

  /// A lock is about to be released.
  void release(int lock) {
    var word = takers.get(lock);
    if (word.test(bit(true) | bit(false))) {
      word.clear(bit(true) | bit(false));
    }
  }

  private long bit(boolean exclusive) {
    return 1L << steps.task() + (exclusive ? 0 : HALF);
  }

  private static OpKind trying(OpKind how) {
    return switch (how) {
      case LOCK -> OpKind.TRY_LOCK;
      case READ_LOCK -> OpKind.TRY_READ_LOCK;
      default -> how;
    };
  }
}
