package shootdown.junit;

import java.util.List;
import org.junit.jupiter.api.TestInfo;
import shootdown.sched.LockClass;
import shootdown.sched.Program;
import shootdown.sched.Task;

/// What a user writes.
class ModelCheckSampleTest {
  private static final LockClass MUTEX = new LockClass("mutex", 0, true, true);

  @ModelCheck(outcomes = {"x=1", "x=2"})
  void incrementsOfTwoStepsMayBeLost(Program program) {
    var x = program.word("x", 0);
    for (var name : List.of("A", "B")) {
      program.task(name, Task.Kind.NORMAL, () -> x.write(x.read() + 1));
    }
    program.outcome(view -> "x=" + view.get(x));
  }

  @ModelCheck(outcomes = "x=2", maxStates = 1000, maxSeconds = 60)
  void incrementsOfOneStepAreNotLost(Program program, TestInfo test) {
    var x = program.word("x of " + test.getDisplayName(), 0);
    for (var name : List.of("A", "B")) {
      program.task(name, Task.Kind.NORMAL, () -> x.add(1));
    }
    program.outcome(view -> "x=" + view.get(x));
  }

  @ModelCheck(expect = "deadlock")
  void locksInACircle(Program program) {
    var first = program.lock("first", MUTEX);
    var second = program.lock("second", MUTEX);
    program.task(
        "A",
        Task.Kind.NORMAL,
        () -> {
          first.lock();
          second.lock();
          second.unlock();
          first.unlock();
        });
    program.task(
        "B",
        Task.Kind.NORMAL,
        () -> {
          second.lock();
          first.lock();
          first.unlock();
          second.unlock();
        });
  }

  @ModelCheck(outcomes = {"seen 0", "seen 1"}, schedule = "0 1*2")
  void oneScheduleAlone(Program program) {
    var x = program.word("x", 0);
    var seen = program.word("seen", 0);
    program.task("A", Task.Kind.NORMAL, () -> x.write(1));
    program.task("B", Task.Kind.NORMAL, () -> seen.write(x.read()));
    program.outcome(view -> "seen " + view.get(seen));
  }
}
