package shootdown.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import shootdown.check.Search;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;
import shootdown.report.JsonFormat;

/// Searches that do not cover all: Never is not theirs to say.
class SearchedTest {
  private static final String TEST =
      """
      MM searched

      {
        x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0);
      }

      P0() { *x = 1; r0 = *x; }
      P1() { *x = 2; }

      exists (0:r0=VALUE)
      """;

  @Test
  void whatIsNotSeenIsUnknown() throws BadRequest {
    TestResult result = run("3", new Search.Random(50));

    assertEquals(Optional.of(Observation.UNKNOWN), result.observation());
    assertTrue(
        result.incomplete().orElseThrow().startsWith("a random search: 50 runs, "),
        result.incomplete()::toString);
    assertTrue(
        new JsonFormat().next(result).contains(
            "\"search\":\"random\",\"coverage\":{\"runs\":50,\"ended\":50,\"states\":"));
  }

  @Test
  void whatIsSeenIsReal() throws BadRequest {
    TestResult result = run("2", new Search.Pct(2, 2_000));

    assertEquals(Optional.of(Observation.SOMETIMES), result.observation());
    assertFalse(result.isComplete());
    assertTrue(result.counterexample().isPresent());
  }

  @Test
  void aBoundThatIsNeverReachedProvesNever() throws BadRequest {
    assertEquals(
        Optional.of(Observation.UNKNOWN), run("3", new Search.Preemptions(0)).observation());
    assertEquals(
        Optional.of(Observation.NEVER), run("3", new Search.Preemptions(100)).observation());
  }

  private static TestResult run(String value, Search search) throws BadRequest {
    var parsed = (ParseResult.Parsed) Litmus.parse("-", TEST.replace("VALUE", value));
    var plan =
        (Plan.Runs) Checker.plan(parsed, "-", CheckRequest.DEFAULT.withSearch(search, 7));
    return plan.runs().getFirst().run();
  }
}
