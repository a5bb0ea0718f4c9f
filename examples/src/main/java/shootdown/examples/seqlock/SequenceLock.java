package shootdown.examples.seqlock;

import shootdown.sched.Lock;
import shootdown.sched.LockClass;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Violation;
import shootdown.sched.Word;

/// Two words that are always equal for who reads them: a writer makes the sequence odd, writes
/// both, and makes it even; a reader reads both between two looks at one even sequence.
public final class SequenceLock {
  /// What is wrong with it.
  public enum Mistake {
    NONE,
    /// the reader does not look at the sequence again
    READS_ONCE,
    /// the reader takes an odd sequence for good: it began while a writer was there
    IGNORES_ODD,
    /// writers do not exclude each other
    WRITERS_WITHOUT_LOCK
  }

  private static final LockClass WRITER = new LockClass("writer", 0, true, false);
  private static final Violation TORN =
      new Violation("torn read", "a reader returns values of two writes");

  private record Seen(long a, long b) {}

  private final Steps steps;
  private final Lock lock;
  private final Word sequence;
  private final Word a;
  private final Word b;
  private final Mistake mistake;

  private SequenceLock(Program program, Mistake mistake) {
    steps = program.steps();
    lock = program.lock("writers' lock", WRITER);
    sequence = program.word("sequence", 0);
    a = program.word("a", 0);
    b = program.word("b", 0);
    this.mistake = mistake;
  }

  /// So many writers that write once, and a reader that reads once.
  public static Program program(int writers, Mistake mistake) {
    var program = new Program();
    var pair = new SequenceLock(program, mistake);
    for (int w = 0; w < writers; w++) {
      long value = w + 1L;
      program.task("writer" + w, Task.Kind.NORMAL, () -> pair.write(value));
    }
    program.task("reader", Task.Kind.NORMAL, pair::read);
    return program;
  }

  private void write(long value) {
    if (mistake != Mistake.WRITERS_WITHOUT_LOCK) {
      lock.lock();
    }
    sequence.add(1);
    a.write(value);
    b.write(value);
    sequence.add(1);
    if (mistake != Mistake.WRITERS_WITHOUT_LOCK) {
      lock.unlock();
    }
  }

  private void read() {
    Seen seen = steps.retry("read", this::tryRead);
    if (seen.a != seen.b) {
      throw steps.fail(TORN);
    }
  }

  private Turn<Boolean, Seen> tryRead() {
    long before = sequence.read();
    if (before % 2 != 0 && mistake != Mistake.IGNORES_ODD) {
      return Turn.again(true);
    }
    var seen = new Seen(a.read(), b.read());
    boolean same = mistake == Mistake.READS_ONCE || sequence.is(before);
    return same ? Turn.done(seen) : Turn.again(true);
  }
}
