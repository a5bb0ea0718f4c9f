package shootdown.examples.lock;

import java.util.ArrayList;
import java.util.List;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Word;

/// A lock that is one word, taken by whoever finds it 0 and makes it 1.
public final class SpinLock {
  /// How a task takes the lock.
  public enum Taking {
    /// one operation finds it free and takes it
    TEST_AND_SET,
    /// finds it free, then takes it: two operations, and another task may do the same between them
    TEST_THEN_SET
  }

  private final Steps steps;
  private final Word taken;
  private final Taking how;

  private SpinLock(Program program, Taking how) {
    steps = program.steps();
    taken = program.word("taken", 0);
    this.how = how;
  }

  /// So many tasks that each visit a critical section once.
  public static Program program(int tasks, Taking how) {
    var program = new Program();
    var lock = new SpinLock(program, how);
    var section = new CriticalSection(program);
    List<Task> all = new ArrayList<>();
    for (int t = 0; t < tasks; t++) {
      all.add(
          program.task(
              "T" + t,
              Task.Kind.NORMAL,
              () -> {
                lock.lock();
                section.visit();
                lock.unlock();
              }));
    }
    program.alike("task", tasks).tasks(all);
    return program;
  }

  private void lock() {
    steps.retry("lock", () -> tryLock() ? Turn.done(true) : Turn.again(true));
  }

  private boolean tryLock() {
    return switch (how) {
      case TEST_AND_SET -> !taken.testAndSet(1);
      case TEST_THEN_SET -> {
        boolean free = taken.is(0);
        if (free) {
          taken.write(1);
        }
        yield free;
      }
    };
  }

  private void unlock() {
    taken.write(0);
  }
}
