package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shootdown.sched.LockClass;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Violation;
import shootdown.sched.Word;

/// Which programs can go on for ever without getting anything done.
class LivelockTest {
  private static final LockClass SPIN = new LockClass("spin", 0, false, true);

  static List<Reductions> reductions() {
    return List.of(Reductions.NONE, Reductions.ALL);
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aSpinThatNobodyEndsIsOne(Reductions reductions) {
    expect(
        reductions,
        "A can go on for ever without progress",
        p -> {
          var flag = p.word("flag", 0);
          task(p, "A", () -> spinUntil(p, () -> flag.is(1)));
          task(p, "B", () -> flag.write(2));
        });
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aSpinThatAnotherTaskEndsIsNone(Reductions reductions) {
    expectNone(
        reductions,
        p -> {
          var flag = p.word("flag", 0);
          task(p, "A", () -> spinUntil(p, () -> flag.is(1)));
          task(p, "B", () -> flag.write(1));
        });
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aLongLoopThatEndsIsNone(Reductions reductions) {
    expectNone(
        reductions,
        p -> {
          var x = p.word("x", 0);
          task(
              p,
              "A",
              () ->
                  spinUntil(
                      p,
                      () -> {
                        x.add(1);
                        return x.is(300);
                      }));
        });
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void whatIsOnlyStarvedByTheSchedulerIsNone(Reductions reductions) {
    expectNone(
        reductions,
        p -> {
          var lock = p.lock("lock", SPIN);
          var stop = p.word("stop", 0);
          task(
              p,
              "greedy",
              () ->
                  spinUntil(
                      p,
                      () -> {
                        lock.lock();
                        boolean done = stop.is(1);
                        lock.unlock();
                        return done;
                      }));
          task(
              p,
              "patient",
              () -> {
                lock.lock();
                stop.write(1);
                lock.unlock();
              });
        });
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void readersThatComeAndGoDoNotStarveAWriter(Reductions reductions) {
    expectNone(
        reductions,
        p -> {
          var lock = p.lock("lock", SPIN);
          var stop = p.word("stop", 0);
          for (String name : List.of("R0", "R1")) {
            task(
                p,
                name,
                () ->
                    spinUntil(
                        p,
                        () -> {
                          lock.readLock();
                          boolean done = stop.is(1);
                          lock.readUnlock();
                          return done;
                        }));
          }
          task(
              p,
              "W",
              () -> {
                lock.lock();
                stop.write(1);
                lock.unlock();
              });
        });
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aCycleWithProgressIsNone(Reductions reductions) {
    expectNone(
        reductions,
        p -> {
          var flag = p.word("flag", 0);
          task(
              p,
              "A",
              () ->
                  spinUntil(
                      p,
                      () -> {
                        p.steps().progress();
                        return flag.is(1);
                      }));
        });
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void whatADaemonDoesForEverIsNone(Reductions reductions) {
    expectNone(
        reductions,
        p -> {
          var tick = p.word("tick", 0);
          var seen = p.word("seen", 0);
          p.task(
              "clock",
              Task.Kind.DAEMON,
              () ->
                  spinUntil(
                      p,
                      () -> {
                        tick.replace(1, 1);
                        tick.replace(1, 0);
                        return false;
                      }));
          task(p, "A", () -> seen.write(tick.read()));
        });
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aRunEndsThoughADaemonGoesOnForEver(Reductions reductions) {
    var result =
        CheckTest.check(
            reductions,
            p -> {
              var tick = p.word("tick", 0);
              var seen = p.word("seen", 5);
              var own = p.word("own", 0);
              p.task(
                  "clock",
                  Task.Kind.DAEMON,
                  () ->
                      spinUntil(
                          p,
                          () -> {
                            tick.replace(1, 1);
                            own.write(7);
                            own.write(0);
                            tick.replace(1, 0);
                            return false;
                          }));
              task(p, "A", () -> seen.write(tick.read()));
              p.outcome(view -> "seen " + view.get(seen) + " " + view.get(own));
            });

    assertEquals(Set.of("seen 0 0", "seen 1 0"), result.outcomes().keySet());
    for (var finding : result.outcomes().values()) {
      assertTrue(finding.counterexample().schedule().length() < 7);
    }
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void whoWaitsWhileADaemonSpinsIsStuck(Reductions reductions) {
    expect(
        reductions,
        "clock can go on for ever without progress while A cannot go on",
        p -> {
          var tick = p.word("tick", 0);
          var never = p.word("never", 0);
          p.task(
              "clock",
              Task.Kind.DAEMON,
              () ->
                  spinUntil(
                      p,
                      () -> {
                        tick.replace(1, 1);
                        tick.replace(1, 0);
                        return never.is(2);
                      }));
          task(p, "A", () -> never.await(1));
        });
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void twoTasksThatUndoEachOthersWorkAreOne(Reductions reductions) {
    expect(
        reductions,
        "A, B can go on for ever without progress",
        p -> {
          var x = p.word("x", 0);
          task(p, "A", () -> tryBoth(p, x, 1, 2));
          task(p, "B", () -> tryBoth(p, x, 2, 1));
        });
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void hardwareThatAlwaysChoosesBadlyIsOne(Reductions reductions) {
    expect(
        reductions,
        "A can go on for ever without progress",
        p -> {
          var x = p.word("x", 0);
          task(
              p,
              "A",
              () ->
                  spinUntil(
                      p,
                      () -> {
                        x.write(1);
                        return p.steps().choose(2) == 1;
                      }));
        });
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aChoiceThatSpinsHidesNobody(Reductions reductions) {
    var other = new Violation("other", "B was followed");
    var result =
        CheckTest.check(
            reductions,
            p -> {
              task(p, "A", () -> spinUntil(p, () -> p.steps().choose(2) == 2));
              task(p, "B", () -> p.steps().violate(other));
            });

    assertTrue(CheckTest.violations(result).contains(other));
    assertEquals(2, result.violations().size());
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aPrivateSpinHidesNobody(Reductions reductions) {
    var other = new Violation("other", "B was followed");
    var result =
        CheckTest.check(
            reductions,
            p -> {
              var own = p.word("own", 0);
              task(p, "A", () -> spinUntil(p, () -> own.is(1)));
              task(p, "B", () -> p.steps().violate(other));
            });

    assertTrue(CheckTest.violations(result).contains(other));
    assertEquals(2, result.violations().size());
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void theCycleComesBack(Reductions reductions) {
    Supplier<Program> program =
        CheckTest.program(
            p -> {
              var flag = p.word("flag", 0);
              task(p, "A", () -> spinUntil(p, () -> flag.is(1)));
              task(p, "B", () -> flag.write(2));
            });
    var result = Check.run(program, Options.DEFAULT.withReductions(reductions));
    var shown = result.violations().getFirst().counterexample();

    assertEquals("0", shown.cycle().toString());
    assertEquals("1", shown.schedule().toString());
    var replayed = Check.replay(program, shown.schedule().then(shown.cycle()));
    assertEquals(2, replayed.events().size());
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aGraphTooLargeForLivelocksIsSaid(Reductions reductions) {
    var result =
        Check.run(
            CheckTest.program(
                p -> {
                  var flag = p.word("flag", 0);
                  task(p, "A", () -> spinUntil(p, () -> flag.is(1)));
                  task(p, "B", () -> p.steps().each(0, 50, _ -> flag.add(2)));
                }),
            Options.DEFAULT.withReductions(reductions).withGraphStates(10));

    assertFalse(result.isComplete());
    assertTrue(result.incomplete().orElseThrow().contains("livelock"));
  }

  /// Claims x, and gives up if the other has taken it over by then.
  private static void tryBoth(Program p, Word x, long own, long other) {
    spinUntil(
        p,
        () -> {
          x.write(own);
          return !x.is(other);
        });
  }

  private static void spinUntil(Program p, Supplier<Boolean> done) {
    p.steps().retry("spin", () -> done.get() ? Turn.done(true) : Turn.again(true));
  }

  private static void task(Program p, String name, Runnable body) {
    CheckTest.task(p, name, body);
  }

  private static void expect(
      Reductions reductions, String message, Consumer<Program> layOut) {
    var result = CheckTest.check(reductions, layOut);
    assertEquals(
        List.of(new Violation(Violation.LIVELOCK, message)), CheckTest.violations(result));
    assertTrue(result.isComplete());
    var shown = result.violations().getFirst().counterexample();
    assertFalse(shown.cycle().isEmpty());
  }

  private static void expectNone(Reductions reductions, Consumer<Program> layOut) {
    var result = CheckTest.check(reductions, layOut);
    assertEquals(List.of(), CheckTest.violations(result));
    assertTrue(result.isComplete());
  }
}
