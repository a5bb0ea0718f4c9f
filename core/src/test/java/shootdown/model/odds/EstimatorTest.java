package shootdown.model.odds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import shootdown.check.Window;
import shootdown.litmus.Litmus;
import shootdown.litmus.ParseResult;
import shootdown.model.BadRequest;
import shootdown.model.CheckRequest;
import shootdown.model.Checker;
import shootdown.model.Plan;

/// How rare the race of 5d1904204c99 is.
class EstimatorTest {
  private static final Path SEED = Path.of("../litmus/seeds/mremap+mkclean.litmus");
  private static final double MILLISECOND = 1e6;

  private static Odds odds(String kernel, double pause, long rounds)
      throws IOException, BadRequest {
    var test = (ParseResult.Parsed) Litmus.parse("-", Files.readString(SEED));
    var plan =
        (Plan.Runs)
            Checker.plan(
                test, "-", CheckRequest.DEFAULT.withKernels(List.of(kernel)));
    var planned = plan.runs().getFirst();
    var explored = planned.run();
    var places =
        explored
            .counterexample()
            .map(shown -> List.copyOf(planned.sitesOf(shown.schedule())))
            .orElse(List.of());
    var request =
        new OddsRequest(
            List.of(), 10 * MILLISECOND, pause, OptionalLong.of(rounds), 1, () -> _ -> true);
    return Estimator.estimate(explored, planned.simulated(pause), places, request);
  }

  /// The author of the fix slept there; the model finds the place by itself. Real kernels lose the
  /// write in most rounds then, if the test's threads leave each other time, and in none without.
  @Test
  void sleepingBeforeTheFlushMakesItFrequent() throws IOException, BadRequest {
    var odds = odds("v4.9-rc5", 2 * MILLISECOND, 200);

    assertEquals(
        List.of(new Window("move_page_tables/flush", Window.Place.BEFORE, 10 * MILLISECOND)),
        odds.windows());
    var bare = odds.bare().orElseThrow();
    var widened = odds.widened().orElseThrow();
    assertEquals(200, bare.rounds());
    assertTrue(bare.interval().estimate() < 0.01, () -> "bare " + bare.interval());
    assertTrue(widened.interval().low() > 0.1, () -> "widened " + widened.interval());
    assertTrue(widened.hits() <= widened.passed(), () -> widened.hits() + " without the sleep");
  }

  @Test
  void whatCannotHappenIsNotSimulated() throws IOException, BadRequest {
    var odds = odds("v4.9-rc6", 0, 100);

    assertTrue(Estimator.isNever(odds.explored()));
    assertFalse(Estimator.isPossible(odds.explored()));
    assertEquals(Optional.empty(), odds.bare());
    assertEquals(Optional.empty(), odds.widened());
  }

  /// The control: with the same sleep, the kernel with the fix loses the write in no round.
  @Test
  void theFixedKernelLosesNothingWithTheSameSleep() throws IOException, BadRequest {
    var test = (ParseResult.Parsed) Litmus.parse("-", Files.readString(SEED));
    var plan =
        (Plan.Runs)
            Checker.plan(
                test, "-", CheckRequest.DEFAULT.withKernels(List.of("v4.9-rc6")));
    var simulated = plan.runs().getFirst().simulated(2 * MILLISECOND);
    var before = new Window("move_ptes/flush", Window.Place.BEFORE, 10 * MILLISECOND);
    var tally = simulated.run(1, List.of(before), 1, t -> t.rounds() < 300);

    assertEquals(0, tally.hits());
    assertTrue(tally.passed() > 60, () -> tally.passed() + " came by");
    assertTrue(tally.meanNanos() > MILLISECOND);
  }
}
