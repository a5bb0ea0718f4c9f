package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shootdown.sched.Program;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// Tasks that do something else each time are found out, and both runs are shown.
class SecondLookTest {
  private final AtomicInteger counter = new AtomicInteger();

  @ParameterizedTest
  @MethodSource("shootdown.check.CheckTest#reductions")
  void aTaskThatLooksAtACounterIsNotDeterministic(Reductions reductions) {
    String message =
        bug(
            reductions,
            p -> {
              var x = p.word("x", 5);
              CheckTest.task(p, "A", () -> x.write(x.read() + counter.getAndIncrement()));
            });

    assertEquals(
        """
        task A is not deterministic: told the same, it did not do the same
          one run:
            READ x (0, 0) tells 5
            then it comes to WRITE x (5, 0)
          another:
            READ x (0, 0) tells 5
            then it comes to WRITE x (6, 0)""",
        message);
  }

  @ParameterizedTest
  @MethodSource("shootdown.check.CheckTest#reductions")
  void whatAScopeReturnsIsComparedToo(Reductions reductions) {
    String message =
        bug(
            reductions,
            p -> {
              var x = p.word("x", 0);
              CheckTest.task(
                  p,
                  "A",
                  () -> {
                    p.steps()
                        .call(
                            "draw",
                            () -> {
                              x.read();
                              return counter.getAndIncrement();
                            });
                    x.write(1);
                  });
            });

    assertTrue(message.contains("then it comes to WRITE x (1, 0)"), message);
    assertTrue(message.contains("then it returns 1 from 'draw'"), message);
  }

  @Test
  void soAreTurnsOfLoopsAndEnds() {
    assertTrue(
        bug(Reductions.ALL, p -> loop(p, () -> counter.getAndIncrement()))
            .contains("then it goes round 'spin' with "));
    String end =
        bug(
            Reductions.ALL,
            p -> {
              var x = p.word("x", 0);
              CheckTest.task(
                  p,
                  "A",
                  () -> {
                    x.write(1);
                    if (counter.getAndIncrement() % 2 == 0) {
                      x.write(2);
                    }
                  });
            });
    assertTrue(end.contains("then it ends"), end);
  }

  @Test
  void whatIsThrownOnceIsSeen() {
    String message =
        bug(
            Reductions.ALL,
            p -> {
              var x = p.word("x", 0);
              CheckTest.task(
                  p,
                  "A",
                  () -> {
                    x.write(1);
                    if (counter.getAndIncrement() > 0) {
                      throw new IllegalStateException("later");
                    }
                    x.write(2);
                  });
            });

    assertTrue(message.contains("then it throws java.lang.IllegalStateException"), message);
  }

  /// What is odd is done late, so the code has been learned by then: only a second look shows it.
  @Test
  void aLongSearchLooksNowAndThen() {
    var bug =
        assertThrows(
            ProgramBug.class,
            () ->
                CheckTest.check(
                    Reductions.NONE,
                    p -> {
                      var x = p.word("x", 0);
                      CheckTest.task(
                          p,
                          "A",
                          () -> {
                            x.write(counter.getAndIncrement() < 50 ? 0 : 1000);
                            for (int i = 0; i < 3; i++) {
                              x.read();
                            }
                          });
                      CheckTest.task(p, "B", () -> p.steps().each(1, 40, i -> x.write(i)));
                    }));

    assertTrue(bug.getMessage().contains("not deterministic"), bug.getMessage());
  }

  /// What tasks share in Java is as it was at first in a program that is built once more.
  @ParameterizedTest
  @MethodSource("shootdown.check.CheckTest#reductions")
  void whatTasksShareBesideWordsIsSeen(Reductions reductions) {
    String message =
        bug(
            reductions,
            p -> {
              int[] box = {0};
              var x = p.word("x", 0);
              CheckTest.task(
                  p,
                  "A",
                  () -> {
                    box[0] = 1;
                    x.add(1);
                  });
              CheckTest.task(
                  p,
                  "B",
                  () -> {
                    x.read();
                    x.write(box[0]);
                  });
            });

    assertTrue(message.contains("then it comes to WRITE x (1, 0)"), message);
    assertTrue(message.contains("then it comes to WRITE x (0, 0)"), message);
  }

  @Test
  void aProgramMustBeTheSameEachTime() {
    String code =
        bug(
            Reductions.ALL,
            p -> {
              var x = p.word("x", 0);
              int mine = counter.getAndIncrement();
              CheckTest.task(p, "A", () -> x.write(mine));
            });
    assertTrue(code.contains("then it comes to WRITE x (1, 0)"), code);
    String layout =
        bug(Reductions.ALL, p -> CheckTest.task(p, "T" + counter.getAndIncrement(), () -> {}));
    assertTrue(layout.contains("not the same each time it is built"), layout);
  }

  /// Violations have numbers in the order in which they are met, which is another one there.
  @Test
  void violationsAreTheSameInAnotherOrder() {
    var result =
        CheckTest.check(
            Reductions.NONE,
            p -> {
              for (String name : List.of("A", "B", "C")) {
                var wrong = new Violation("wrong", name);
                CheckTest.task(p, name, () -> p.steps().violate(wrong));
              }
            });

    assertEquals(3, result.violations().size());
  }

  private static void loop(Program p, IntSupplier live) {
    var x = p.word("x", 0);
    CheckTest.task(
        p,
        "A",
        () ->
            p.steps()
                .<Integer, Boolean>loop(
                    "spin",
                    0,
                    i -> {
                      x.write(i);
                      return i > 3 ? Turn.done(true) : Turn.again(4 + live.getAsInt() % 9);
                    }));
  }

  private static String bug(Reductions reductions, Consumer<Program> layOut) {
    var bug = assertThrows(ProgramBug.class, () -> CheckTest.check(reductions, layOut));
    return bug.getMessage();
  }
}
