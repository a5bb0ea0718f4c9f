package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shootdown.sched.LockClass;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// What a check finds in programs of a few lines.
class CheckTest {
  static final LockClass MUTEX = new LockClass("mutex", 0, true, true);
  static final Violation WRONG = new Violation("wrong", "it went wrong");

  static List<Reductions> reductions() {
    return List.of(Reductions.NONE, Reductions.ALL);
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void unlockedIncrementsMayBeLost(Reductions reductions) {
    var result =
        check(
            reductions,
            p -> {
              var x = p.word("x", 0);
              for (String name : List.of("A", "B")) {
                task(p, name, () -> x.write(x.read() + 1));
              }
              p.outcome(view -> "x=" + view.get(x));
            });

    assertEquals(Set.of("x=1", "x=2"), result.outcomes().keySet());
    assertTrue(result.isComplete());
    assertTrue(result.violations().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void lockedIncrementsAreNotLost(Reductions reductions) {
    var result =
        check(
            reductions,
            p -> {
              var x = p.word("x", 0);
              var lock = p.lock("lock", MUTEX);
              for (String name : List.of("A", "B")) {
                task(
                    p,
                    name,
                    () -> {
                      lock.lock();
                      x.write(x.read() + 1);
                      lock.unlock();
                    });
              }
              p.outcome(view -> "x=" + view.get(x));
            });

    assertEquals(Set.of("x=2"), result.outcomes().keySet());
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void anAtomicBlockIsNotSeenHalfDone(Reductions reductions) {
    var result =
        check(
            reductions,
            p -> {
              var x = p.word("x", 0);
              var y = p.word("y", 0);
              var seen = p.word("seen", -1);
              task(
                  p,
                  "A",
                  () ->
                      p.steps()
                          .atomic(
                              "both",
                              () -> {
                                x.write(1);
                                y.write(1);
                              }));
              task(
                  p,
                  "B",
                  () ->
                      seen.write(
                          p.steps().atomically("both", () -> x.read() * 2 + y.read())));
              p.outcome(view -> "" + view.get(seen));
            });

    assertEquals(Set.of("0", "3"), result.outcomes().keySet());
  }

  @Test
  void aWayThroughAnAtomicBlockThatNobodySeesIsNoStep() {
    var plain = check(Reductions.ALL, p -> looksUnderALock(p, Runnable::run));
    var within = check(Reductions.ALL, p -> looksUnderALock(p, b -> p.steps().atomic("look", b)));

    assertEquals(plain.effort().states(), within.effort().states());
    assertEquals(plain.outcomes().keySet(), within.outcomes().keySet());
  }

  /// A adds to what B sees, and looks at it once more if B held the lock first: as `block` has it.
  private static void looksUnderALock(Program p, Consumer<Runnable> block) {
    var x = p.word("x", 0);
    var told = p.word("told", 0);
    var lock = p.lock("lock", MUTEX);
    task(
        p,
        "A",
        () -> {
          lock.lock();
          x.add(1);
          block.accept(() -> told.write(told.is(1) ? 1 + x.read() : 0));
          lock.unlock();
        });
    task(
        p,
        "B",
        () -> {
          x.add(1);
          lock.lock();
          told.write(1);
          lock.unlock();
        });
    p.outcome(view -> "told=" + view.get(told));
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void everyChoiceIsFollowedEvenWithinAnAtomicBlock(Reductions reductions) {
    var result =
        check(
            reductions,
            p -> {
              var x = p.word("x", 0);
              var y = p.word("y", 0);
              task(p, "A", () -> x.write(10 + p.steps().choose(3)));
              task(
                  p,
                  "B",
                  () ->
                      p.steps()
                          .atomic(
                              "both",
                              () -> {
                                long before = x.read();
                                int choice = p.steps().choose(2);
                                y.write(100 * choice + (x.is(before) ? 0 : 1000));
                              }));
              p.outcome(view -> view.get(x) + " " + view.get(y));
            });

    assertEquals(
        Set.of("10 0", "11 0", "12 0", "10 100", "11 100", "12 100"), result.outcomes().keySet());
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void oppositeLockOrdersDeadlock(Reductions reductions) {
    var result =
        check(
            reductions,
            p -> {
              var a = p.lock("a", MUTEX);
              var b = p.lock("b", MUTEX);
              for (int i = 0; i < 2; i++) {
                var first = i == 0 ? a : b;
                var second = i == 0 ? b : a;
                task(
                    p,
                    "T" + i,
                    () -> {
                      first.lock();
                      second.lock();
                      second.unlock();
                      first.unlock();
                    });
              }
              p.outcome(_ -> "done");
            });

    assertEquals(Set.of("done"), result.outcomes().keySet());
    assertEquals(
        List.of(new Violation(Violation.DEADLOCK, "T0 waits for b, T1 waits for a")),
        violations(result));
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aTaskThatHoldsALockWhileItWaitsDeadlocks(Reductions reductions) {
    var result =
        check(
            reductions,
            p -> {
              var lock = p.lock("lock", MUTEX);
              var flag = p.word("flag", 0);
              task(
                  p,
                  "A",
                  () -> {
                    lock.lock();
                    flag.await(1);
                    lock.unlock();
                  });
              task(
                  p,
                  "B",
                  () -> {
                    lock.lock();
                    flag.write(1);
                    lock.unlock();
                  });
            });

    assertEquals(
        List.of(new Violation(Violation.DEADLOCK, "A waits for flag, B waits for lock")),
        violations(result));
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void whoSleepsForEverIsNotDeadlocked(Reductions reductions) {
    var result =
        check(
            reductions,
            p -> {
              var woken = p.word("woken", 0);
              var waiting = p.word("waiting", 0);
              task(
                  p,
                  "sleeper",
                  () -> {
                    waiting.write(1);
                    woken.sleepUntil(-1L, 1);
                    waiting.write(0);
                  });
              task(
                  p,
                  "waker",
                  () -> {
                    if (waiting.is(1)) {
                      woken.write(1);
                    }
                  });
              p.outcome(view -> view.get(waiting) == 1 ? "asleep" : "awake");
            });

    assertEquals(Set.of("asleep", "awake"), result.outcomes().keySet());
    assertTrue(result.violations().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aDaemonMayWaitForEver(Reductions reductions) {
    var result =
        check(
            reductions,
            p -> {
              var bell = p.word("bell", 0);
              var served = p.word("served", 0);
              p.task(
                  "server",
                  Task.Kind.DAEMON,
                  () ->
                      p.steps()
                          .<Boolean, Boolean>loop(
                              "serve",
                              true,
                              _ -> {
                                bell.await(1);
                                served.add(1);
                                bell.write(0);
                                return Turn.again(true);
                              }));
              task(
                  p,
                  "client",
                  () -> {
                    for (int i = 0; i < 3; i++) {
                      bell.write(1);
                      bell.await(0);
                    }
                  });
              p.outcome(view -> "served " + view.get(served));
            });

    assertEquals(Set.of("served 3"), result.outcomes().keySet());
    assertTrue(result.violations().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aFailureEndsItsPathAndOthersAreStillFollowed(Reductions reductions) {
    var other = new Violation("other", "seen after B was to fail");
    var result =
        check(
            reductions,
            p -> {
              var x = p.word("x", 0);
              task(
                  p,
                  "A",
                  () -> {
                    if (x.is(1)) {
                      p.steps().violate(other);
                    }
                  });
              task(
                  p,
                  "B",
                  () -> {
                    x.write(1);
                    throw p.steps().fail(WRONG);
                  });
              p.outcome(_ -> "end");
            });

    assertEquals(Set.of(other, WRONG), Set.copyOf(violations(result)));
    assertTrue(result.outcomes().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aLoopForgetsAllButItsLiveValue(Reductions reductions) {
    var result =
        check(
            reductions,
            p -> {
              var x = p.word("x", 0);
              task(
                  p,
                  "A",
                  () ->
                      p.steps()
                          .<Integer, Boolean>loop(
                              "ten times",
                              0,
                              i -> {
                                x.add(1);
                                x.read();
                                return i == 9 ? Turn.done(true) : Turn.again(i + 1);
                              }));
              task(p, "B", () -> x.add(100));
              p.outcome(view -> "" + view.get(x));
            });

    assertEquals(Set.of("110"), result.outcomes().keySet());
    assertTrue(result.effort().nodes() < 50, "" + result.effort());
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void equalResultsWithOtherLocksHeldAreNotTheSame(Reductions reductions) {
    var result =
        check(
            reductions,
            p -> {
              var x = p.word("x", 0);
              var lock = p.lock("lock", MUTEX);
              var tried = p.word("tried", 0);
              task(
                  p,
                  "A",
                  () -> {
                    p.steps().forget(lock::tryLock);
                    tried.write(lock.isHeld() ? 1 : 2);
                    if (lock.isHeld()) {
                      lock.unlock();
                    }
                  });
              task(
                  p,
                  "B",
                  () -> {
                    lock.lock();
                    x.write(1);
                    lock.unlock();
                  });
              p.outcome(view -> "" + view.get(tried));
            });

    assertEquals(Set.of("1", "2"), result.outcomes().keySet());
    assertTrue(result.violations().isEmpty());
  }

  static CheckResult check(Reductions reductions, Consumer<Program> layOut) {
    return Check.run(program(layOut), Options.DEFAULT.withReductions(reductions));
  }

  static Supplier<Program> program(Consumer<Program> layOut) {
    return () -> {
      var program = new Program();
      layOut.accept(program);
      return program;
    };
  }

  static void task(Program program, String name, Runnable body) {
    program.task(name, Task.Kind.NORMAL, body);
  }

  static List<Violation> violations(CheckResult result) {
    return result.violations().stream().map(f -> f.violation().orElseThrow()).toList();
  }
}
