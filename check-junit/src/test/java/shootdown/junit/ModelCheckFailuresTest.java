package shootdown.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Violation;

/// Checks that must fail, and what they say.
class ModelCheckFailuresTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          unexpectedViolation | half done: B sees it
          unexpectedViolation | B  2  x is 1
          unexpectedViolation | schedule: 0 1*2
          violationIsMissing  | no run violates [deadlock]
          otherViolation      | half done: B sees it
          unexpectedOutcome   | unexpected outcome: x=2
          outcomeIsMissing    | no run ends as [x=3]; all
          tooManyStates       | not decided: more than 2 states
          scheduleAlone       | half done: B sees it
          noProgram           | must take one Program
          looksAtAClock       | task A is not deterministic: after equal results it performed
          sharesAnArray       | told the same, it did not do the same
          sharesAnArray       | then it comes to WRITE x (1, 0)
          builtDifferently    | not the same each time it is built
          """)
  void failsAndSaysWhy(String method, String message) {
    mustFail(method, message);
  }

  /// It takes the ten seconds after which the checker gives up.
  @Test
  @Tag("slow")
  void aTaskThatDoesNotComeBackFails() {
    mustFail("goesRound", "task A does not come back: for 10.0 s");
  }

  private static void mustFail(String method, String message) {
    var failures =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectMethod(Failing.class, find(method)))
            .execute()
            .testEvents()
            .failed()
            .list();

    assertEquals(1, failures.size());
    String said =
        failures
            .getFirst()
            .getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class)
            .getThrowable()
            .orElseThrow()
            .getMessage();
    assertTrue(said.contains(message), said);
  }

  private static java.lang.reflect.Method find(String name) {
    return List.of(Failing.class.getDeclaredMethods()).stream()
        .filter(m -> m.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /// Not found by a build: it is no top-level class and its name does not end as tests' names do.
  static class Failing {
    private static final AtomicInteger CLOCK = new AtomicInteger();

    @ModelCheck
    void looksAtAClock(Program program) {
      var x = program.word("x", 0);
      program.task("A", Task.Kind.NORMAL, () -> x.write(CLOCK.incrementAndGet()));
      program.task("B", Task.Kind.NORMAL, () -> x.write(1));
    }

    @ModelCheck
    void goesRound(Program program) {
      program.task(
          "A",
          Task.Kind.NORMAL,
          () -> {
            while (!Thread.currentThread().isInterrupted()) {
              Thread.onSpinWait();
            }
          });
    }

    @ModelCheck
    void sharesAnArray(Program program) {
      int[] shared = {0};
      var x = program.word("x", 0);
      program.task(
          "A",
          Task.Kind.NORMAL,
          () -> {
            shared[0] = 1;
            x.add(1);
          });
      program.task("B", Task.Kind.NORMAL, () -> x.write(shared[0]));
    }

    @ModelCheck
    void builtDifferently(Program program) {
      program.words("x", CLOCK.incrementAndGet(), 0);
      program.task("A", Task.Kind.NORMAL, () -> {});
    }

    @ModelCheck
    void unexpectedViolation(Program program) {
      halfDone(program);
    }

    @ModelCheck(expect = "deadlock")
    void violationIsMissing(Program program) {
      twoSteps(program);
    }

    @ModelCheck(expect = "deadlock")
    void otherViolation(Program program) {
      halfDone(program);
    }

    @ModelCheck(outcomes = "x=1")
    void unexpectedOutcome(Program program) {
      twoSteps(program);
    }

    @ModelCheck(outcomes = {"x=2", "x=3"})
    void outcomeIsMissing(Program program) {
      twoSteps(program);
    }

    @ModelCheck(maxStates = 2)
    void tooManyStates(Program program) {
      twoSteps(program);
      halfDone(program);
    }

    @ModelCheck(schedule = "0 1*2")
    void scheduleAlone(Program program) {
      halfDone(program);
    }

    @ModelCheck
    void noProgram() {
      throw new IllegalStateException("is never called");
    }

    private static void twoSteps(Program program) {
      var x = program.word("x", 0);
      program.task("A", Task.Kind.NORMAL, () -> x.add(1));
      program.task("B", Task.Kind.NORMAL, () -> x.add(1));
      program.outcome(view -> "x=" + view.get(x));
    }

    private static void halfDone(Program program) {
      var x = program.word("x", 0);
      program.task(
          "A",
          Task.Kind.NORMAL,
          () -> {
            x.write(1);
            x.write(2);
          });
      program.task(
          "B",
          Task.Kind.NORMAL,
          () -> {
            if (x.is(1)) {
              throw program.steps().fail(new Violation("half done", "B sees it"));
            }
          });
    }
  }
}
