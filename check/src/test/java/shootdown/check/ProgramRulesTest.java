package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shootdown.check.CheckTest.check;
import static shootdown.check.CheckTest.program;
import static shootdown.check.CheckTest.task;
import static shootdown.check.CheckTest.violations;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shootdown.sched.Program;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// What programs must not do, and what a check says of those that do.
class ProgramRulesTest {
  @ParameterizedTest
  @MethodSource("shootdown.check.CheckTest#reductions")
  void misuseOfLocksIsFound(Reductions reductions) {
    var result =
        check(
            reductions,
            p -> {
              var lock = p.lock("lock", CheckTest.MUTEX);
              task(
                  p,
                  "A",
                  () -> {
                    lock.lock();
                    lock.lock();
                  });
            });

    assertEquals(
        List.of(new Violation(Violation.LOCK_MISUSE, "takes lock twice")), violations(result));
  }

  @ParameterizedTest
  @MethodSource("shootdown.check.CheckTest#reductions")
  void whatTheEndIsAskedIsReported(Reductions reductions) {
    var result =
        check(
            reductions,
            p -> {
              var x = p.word("x", 0);
              task(p, "A", () -> x.write(1));
              task(p, "B", () -> x.write(2));
              p.finalCheck(view -> view.get(x) == 1 ? List.of(CheckTest.WRONG) : List.of());
            });

    assertEquals(List.of(CheckTest.WRONG), violations(result));
    assertEquals("1 0", result.violations().getFirst().schedule().toString());
  }

  @ParameterizedTest
  @MethodSource("shootdown.check.CheckTest#reductions")
  void whatTheCodeThrowsIsReportedWithItsSchedule(Reductions reductions) {
    var bug =
        assertThrows(
            ProgramBug.class,
            () ->
                check(
                    reductions,
                    p -> {
                      var x = p.word("x", 0);
                      task(p, "A", () -> x.write(1));
                      task(p, "B", () -> x.write(2 / (1 - x.read())));
                    }));

    assertEquals("0 1", bug.schedule().toString());
    assertTrue(bug.getCause() instanceof ArithmeticException);
  }

  @ParameterizedTest
  @MethodSource("shootdown.check.CheckTest#reductions")
  void aTaskMustBeDeterministic(Reductions reductions) {
    var turn = new AtomicInteger();
    var bug =
        assertThrows(
            ProgramBug.class,
            () ->
                check(
                    reductions,
                    p -> {
                      var x = p.word("x", 0);
                      var y = p.word("y", 0);
                      task(
                          p,
                          "A",
                          () -> {
                            (turn.getAndIncrement() % 2 == 0 ? x : y).write(1);
                            x.write(2);
                            y.write(2);
                          });
                    }));

    assertTrue(bug.getMessage().contains("WRITE x (1, 0)"), bug.getMessage());
    assertTrue(bug.getMessage().contains("WRITE y (1, 0)"), bug.getMessage());
  }

  @ParameterizedTest
  @MethodSource("shootdown.check.CheckTest#reductions")
  void aLoopWithoutOperationsIsRefused(Reductions reductions) {
    assertThrows(
        ProgramBug.class,
        () ->
            check(
                reductions,
                p -> task(p, "A", () -> p.steps().loop("spin", true, _ -> Turn.again(true)))));
  }

  @ParameterizedTest
  @MethodSource("shootdown.check.CheckTest#reductions")
  void waitingWithinAnAtomicBlockIsRefused(Reductions reductions) {
    assertThrows(
        ProgramBug.class,
        () ->
            check(
                reductions,
                p -> {
                  var x = p.word("x", 0);
                  task(
                      p,
                      "A",
                      () ->
                          p.steps()
                              .atomic(
                                  "late",
                                  () -> {
                                    x.read();
                                    x.await(0);
                                  }));
                }));
  }

  @ParameterizedTest
  @MethodSource("shootdown.check.CheckTest#reductions")
  void aBoundMakesTheResultIncomplete(Reductions reductions) {
    var result =
        Check.run(
            program(
                p -> {
                  var x = p.word("x", 0);
                  for (int t = 0; t < 3; t++) {
                    task(p, "T" + t, () -> p.steps().each(0, 10, _ -> x.add(1)));
                  }
                }),
            Options.DEFAULT.withReductions(reductions).withMaxStates(100));

    assertFalse(result.isComplete());
    assertEquals("more than 100 states", result.incomplete().orElseThrow());
  }

  /// What is asked at the end is the program's code, too.
  @Test
  void whatTheEndThrowsIsReportedWithItsSchedule() {
    List<Consumer<Program>> ends =
        List.of(
            p -> p.outcome(_ -> null),
            p ->
                p.finalCheck(
                    _ -> {
                      throw new IllegalStateException("thrown by the test");
                    }));
    var searches =
        List.of(
            Options.DEFAULT,
            Options.DEFAULT.withReductions(Reductions.NONE).withWorkers(new Workers(2, 0)),
            Options.DEFAULT.withSearch(new Search.Random(3)));
    for (var end : ends) {
      Consumer<Program> layOut =
          p -> {
            var x = p.word("x", 0);
            task(p, "A", () -> x.write(1));
            end.accept(p);
          };
      for (var options : searches) {
        var bug = assertThrows(ProgramBug.class, () -> Check.run(program(layOut), options));
        assertTrue(bug.getMessage().contains("asked at the end threw"), bug.getMessage());
        assertEquals("0", bug.schedule().toString());
      }
    }
  }

  @Test
  void nothingIsAddedToAProgramThatRuns() {
    List<Consumer<Program>> additions =
        List.of(p -> p.word("late", 0), p -> task(p, "C", () -> {}));
    for (var late : additions) {
      var bug =
          assertThrows(
              ProgramBug.class,
              () -> check(Reductions.ALL, p -> task(p, "A", () -> late.accept(p))));
      assertTrue(bug.getMessage().contains("takes no more words, locks or tasks"));
    }
  }

  /// As a field of a test would be, which a method sets that lays out programs.
  @Test
  void wordsOfAnotherProgramAreOutOfReach() {
    var first = new Program().word("x", 0);
    var bug =
        assertThrows(
            ProgramBug.class,
            () ->
                check(
                    Reductions.ALL,
                    p -> {
                      p.word("x", 0);
                      task(p, "A", () -> first.write(1));
                    }));

    assertTrue(bug.getMessage().contains("touched outside of a run"), bug.getMessage());
  }

  @Test
  void whatCannotBeIsRefused() {
    var program = new Program();
    assertThrows(IllegalArgumentException.class, () -> program.words("x", -1, 0));
    assertThrows(NullPointerException.class, () -> task(program, null, () -> {}));
    assertThrows(NullPointerException.class, () -> task(program, "A", null));
    assertThrows(NullPointerException.class, () -> Check.run(() -> null, Options.DEFAULT));
    assertTrue(Check.run(Program::new, Options.DEFAULT).isComplete());
  }
}
