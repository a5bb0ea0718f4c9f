package shootdown.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import shootdown.check.UnfitSchedule;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;

/// `--schedule`: one interleaving, exactly.
class ReplayedTest {
  private static final String TEST =
      """
      MM replayed

      {
        x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0);
      }

      P0() { *x = 1; r0 = *x; }
      P1() { *x = 2; }

      exists (0:r0=2)
      """;

  @Test
  void aCounterexamplesScheduleShowsTheSameAgain() throws BadRequest {
    TestResult found = run(CheckRequest.DEFAULT);
    var shown = found.counterexample().orElseThrow();

    TestResult again = run(CheckRequest.DEFAULT.withSchedule(shown.schedule()));
    assertEquals(shown.steps(), again.counterexample().orElseThrow().steps());
    assertEquals(1, again.endings().size());
    assertTrue(again.endings().getFirst().satisfies());
    assertEquals(Optional.of(Observation.UNKNOWN), again.observation());
    assertEquals(Optional.of("only one interleaving was replayed"), again.incomplete());
    assertTrue(again.isReplay());
    assertEquals(Optional.empty(), again.expected(), "compared with nothing");
  }

  @Test
  void aScheduleThatStopsEarlySaysSo() throws BadRequest {
    TestResult result = run(CheckRequest.DEFAULT.withSchedule("0"));
    assertEquals(List.of(), result.endings());
    assertEquals(
        "The schedule ends here, and nothing is wrong so far.",
        result.counterexample().orElseThrow().verdict());
  }

  @Test
  void aScheduleThatDoesNotFitSaysWhere() throws BadRequest {
    var planned = planned(CheckRequest.DEFAULT.withSchedule("0*2 7 1"));
    assertEquals(
        Optional.of(
            "replayed latest x86-64 cannot follow the schedule: operation 3 of 4 (in '7'):"
                + " there is no task 7"),
        planned.misfit());
    assertThrows(UnfitSchedule.class, planned::run);

    assertEquals(Optional.empty(), planned(CheckRequest.DEFAULT.withSchedule("0*2")).misfit());
    assertEquals(Optional.empty(), planned(CheckRequest.DEFAULT).misfit());
  }

  private static TestResult run(CheckRequest request) throws BadRequest {
    return planned(request).run();
  }

  private static Planned planned(CheckRequest request) throws BadRequest {
    var parsed = (ParseResult.Parsed) Litmus.parse("-", TEST);
    var plan = (Plan.Runs) Checker.plan(parsed, "-", request);
    return plan.runs().getFirst();
  }
}
