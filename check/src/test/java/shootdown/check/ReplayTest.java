package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shootdown.sched.LockClass;
import shootdown.sched.Op;
import shootdown.sched.OpKind;
import shootdown.sched.Program;
import shootdown.sched.Violation;

/// What the second runner does with a schedule.
class ReplayTest {
  private static final LockClass MUTEX = new LockClass("mutex", 0, true, true);
  private static final Violation WRONG = new Violation("wrong", "y was seen");

  private static Program program() {
    var p = new Program();
    var x = p.word("x", 0);
    var y = p.word("y", 0);
    var steps = p.steps();
    CheckTest.task(
        p,
        "A",
        () -> {
          steps.run("first", () -> x.write(1));
          steps.run(
              "second",
              () -> {
                steps.note(() -> "now");
                steps.atomic(
                    "both",
                    () -> {
                      x.write(2);
                      y.write(2);
                    });
              });
        });
    CheckTest.task(
        p,
        "B",
        () -> {
          if (steps.choose(2) == 1 && y.is(2)) {
            steps.violate(WRONG);
          }
        });
    p.outcome(view -> "x=" + view.get(x));
    return p;
  }

  @Test
  void eventsComeInTheOrderInWhichAReaderWantsThem() {
    var trace = Check.replay(ReplayTest::program, Schedule.parse("0 1c1 0*2 1*2"));

    assertEquals(
        List.of(
            new Event.Enter(0, "first"),
            performed(0, OpKind.WRITE, 0, 1, 0, 0, 1, 0, ""),
            new Event.Exit(0, "first"),
            performed(1, OpKind.CHOOSE, -1, 2, 0, 0, 0, 1, ""),
            new Event.Enter(0, "second"),
            new Event.Note(0, "now"),
            performed(0, OpKind.WRITE, 0, 2, 0, 1, 2, 0, "both"),
            performed(0, OpKind.WRITE, 1, 2, 0, 0, 2, 0, "both"),
            new Event.Exit(0, "second"),
            performed(1, OpKind.IS, 1, 2, 0, 2, 2, 1, ""),
            performed(1, OpKind.VIOLATE, -1, 0, 0, 0, 0, 0, ""),
            new Event.Violated(1, WRONG)),
        trace.events());
    assertEquals(Optional.of("x=2"), trace.outcome());
  }

  @ParameterizedTest
  @CsvSource({
    "0*4,decision 3: task 0 has ended",
    "0*2 1c0,decision 2: task 0 is in the middle of an atomic block",
    "1,decision 0: a choice is due",
    "0c1,decision 0: no choice is due",
    "1c2,decision 0: there are only 2 choices",
    "2,decision 0: there is no task 2"
  })
  void whatTheProgramCannotFollowIsRefused(String schedule, String message) {
    var refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Check.replay(ReplayTest::program, Schedule.parse(schedule)));

    assertEquals(message, refused.getMessage());
  }

  @Test
  void aTaskThatWaitsCannotGoOn() {
    Supplier<Program> program =
        CheckTest.program(
            p -> {
              var lock = p.lock("lock", MUTEX);
              for (String name : List.of("A", "B")) {
                CheckTest.task(
                    p,
                    name,
                    () -> {
                      lock.lock();
                      lock.unlock();
                    });
              }
            });

    var refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Check.replay(program, Schedule.parse("0 1")));

    assertEquals("decision 1: task 1 waits at LOCK lock (0, 0)", refused.getMessage());
  }

  @Test
  void runnersThatDifferAreABugOfTheChecker() {
    var built = new AtomicInteger();
    Supplier<Program> program =
        CheckTest.program(
            p -> {
              var x = p.word("x", 0);
              int value = built.getAndIncrement() / 2; // a check builds it twice, a replay once
              CheckTest.task(p, "A", () -> x.write(value));
            });
    var result = Check.run(program, Options.DEFAULT);
    var outcome = result.outcomes().values().iterator().next();

    var bug = assertThrows(CheckerBug.class, outcome::counterexample);

    assertTrue(bug.getMessage().contains("search: task 0: WRITE x (0, 0)"), bug.getMessage());
    assertTrue(bug.getMessage().contains("replay: task 0: WRITE x (1, 0)"), bug.getMessage());
  }

  @Test
  void noThreadOutlivesARun() {
    var left = new AtomicInteger();
    Supplier<Program> program =
        CheckTest.program(
            p -> {
              var x = p.word("x", 0);
              for (int t = 0; t < 5; t++) {
                CheckTest.task(
                    p,
                    "T" + t,
                    () -> {
                      try {
                        x.await(1);
                      } finally {
                        left.incrementAndGet();
                      }
                    });
              }
            });

    var trace = Check.replay(program, Schedule.EMPTY);

    assertEquals(5, left.get());
    assertEquals(1, trace.violations().size());
  }

  private static Event performed(
      int task,
      OpKind kind,
      int word,
      long a,
      long b,
      long before,
      long after,
      long result,
      String atomic) {
    return new Event.Performed(task, new Op(kind, word, a, b), before, after, result, atomic);
  }
}
