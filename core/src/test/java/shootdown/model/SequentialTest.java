package shootdown.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;

/// What runs alone ends, or it is said why it does not.
class SequentialTest {
  /// A read first, then a futex that is written to: seed 1 without a race.
  private static final String LIVELOCK =
      """
      MM sequential

      {
        f = file(PAGE);
        x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0);
        pwrite(f, x, WORD, 0);
        futex(x, FUTEX_WAKE_OP, 1, 1, x, FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0));
      }

      P0() { *x = 1; }
      """;

  @Test
  void aLivelockOfTheInitialStateIsSaid() throws BadRequest {
    assertEquals(
        Optional.of("the initial state: livelock: retry goes on for ever"),
        run(LIVELOCK, "v3.0").incomplete());
    assertEquals(Optional.empty(), run(LIVELOCK, "v3.1").incomplete());
  }

  @Test
  void aThreadThatCountsForEverIsALimit() {
    var parsed =
        (ParseResult.Parsed) Litmus.parse("-", "MM a\n{ }\nP0() { while (1) { r1 = r1 + 1; } }");
    assertInstanceOf(
        Alone.TooSmall.class, Alone.run(parsed.test(), "latest", Checker.DEFAULT_MACHINE));
  }

  @Test
  void aThreadThatCountsToABoundEnds() {
    var parsed =
        (ParseResult.Parsed)
            Litmus.parse("-", "MM a\n{ }\nP0() { while (r1 < 1000) { r1 = r1 + 1; } }");
    assertInstanceOf(
        Alone.Ended.class, Alone.run(parsed.test(), "latest", Checker.DEFAULT_MACHINE));
  }

  private static TestResult run(String text, String kernel) throws BadRequest {
    var parsed = (ParseResult.Parsed) Litmus.parse("-", text);
    var request =
        CheckRequest.DEFAULT.withKernels(List.of(kernel)).withMachines(List.of("ppc44x"));
    return ((Plan.Runs) Checker.plan(parsed, "-", request)).runs().getFirst().run();
  }
}
