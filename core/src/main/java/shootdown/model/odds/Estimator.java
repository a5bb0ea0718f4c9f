package shootdown.model.odds;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import shootdown.check.Tally;
import shootdown.check.Window;
import shootdown.model.Simulated;
import shootdown.model.TestResult;
import shootdown.model.odds.Odds.Rare;
import shootdown.model.odds.Odds.Tried;

/// Estimates how rare what a test shows is.
///
/// Rounds end when the interval is within a tenth of the estimate, or patience ends, or as many
/// were made as were asked for.
public final class Estimator {
  private static final double TIGHT = 0.1;
  private static final long FEWEST_ROUNDS = 1_000;

  // each place is looked at shortly, the best ones again
  private static final long FIRST_LOOK = 300;
  private static final long SECOND_LOOK = 3_000;
  private static final int BEST = 5;

  /// Hits below which a normal approximation says nothing.
  private static final long FEWEST_HITS = 30;

  private final Simulated test;
  private final OddsRequest request;

  private Estimator(Simulated test, OddsRequest request) {
    this.test = test;
    this.request = request;
  }

  /// @param explored what can happen at all
  /// @param places sites of the execution that is shown, to look for the best
  public static Odds estimate(
      TestResult explored, Simulated test, List<String> places, OddsRequest request) {
    return isNever(explored)
        ? new Odds(
            explored, request, Optional.empty(), Optional.empty(), List.of(), request.windows(),
            Optional.empty(), false)
        : new Estimator(test, request).estimate(explored, places);
  }

  /// Whether all was explored and there is nothing to hit.
  public static boolean isNever(TestResult explored) {
    return explored.isComplete() && !isPossible(explored);
  }

  /// Whether exploring met a hit.
  public static boolean isPossible(TestResult explored) {
    boolean forall = explored.condition().filter(c -> c.startsWith("forall")).isPresent();
    boolean ends =
        explored.condition().isPresent()
            && explored.endings().stream().anyMatch(e -> e.satisfies() != forall);
    return ends || !explored.violations().isEmpty();
  }

  private Odds estimate(TestResult explored, List<String> places) {
    var bare = test.run(request.seed(), List.of(), 1, enough());
    var rare = bare.hits() == 0 ? rare(bare) : Optional.<Rare>empty();
    var tried = request.windows().isEmpty() ? look(places) : List.<Tried>of();
    var windows =
        tried.stream()
            .filter(t -> t.tally().hits() > 0)
            .findFirst()
            .map(t -> List.of(t.window()))
            .orElse(request.windows());
    var widened =
        windows.isEmpty()
            ? Optional.<Tally>empty()
            : Optional.of(test.run(request.seed(), windows, 1, enough()));
    return new Odds(
        explored, request, Optional.of(bare), rare, tried, windows, widened, test.isLimited());
  }

  private Predicate<Tally> enough() {
    var patience = request.patience().get();
    return tally ->
        request.rounds().isPresent()
            ? tally.rounds() < request.rounds().getAsLong()
            : tally.rounds() < FEWEST_ROUNDS
                || patience.test(tally) && !tally.interval().isWithin(TIGHT);
  }

  /// About one preemption a round.
  private Optional<Rare> rare(Tally bare) {
    double perRound = test.preemptionsPerSecond() * bare.meanRan() / 1e9;
    if (perRound == 0 || perRound >= 1) {
      return Optional.empty();
    }
    double boost = 1 / perRound;
    var tally = test.run(request.seed(), List.of(), boost, enoughWeighed());
    return tally.hits() < FEWEST_HITS
        ? Optional.empty()
        : Optional.of(new Rare(boost, tally.rounds(), tally.hits(), tally.weighed()));
  }

  private Predicate<Tally> enoughWeighed() {
    var patience = request.patience().get();
    return tally ->
        request.rounds().isPresent()
            ? tally.rounds() < request.rounds().getAsLong()
            : tally.rounds() < FEWEST_ROUNDS
                || patience.test(tally)
                    && (tally.hits() < FEWEST_HITS || !tally.weighed().isWithin(TIGHT));
  }

  /// The places that help most, the best first.
  private List<Tried> look(List<String> places) {
    var all = new ArrayList<Tried>();
    for (var place : places) {
      all.add(look(new Window(place, Window.Place.BEFORE, request.windowNanos()), FIRST_LOOK));
    }
    var best = Comparator.comparingDouble((Tried t) -> -t.tally().interval().estimate());
    return all.stream()
        .sorted(best)
        .limit(BEST)
        .map(t -> look(t.window(), SECOND_LOOK))
        .sorted(best)
        .toList();
  }

  private Tried look(Window window, long rounds) {
    long most = Math.min(rounds, request.rounds().orElse(rounds));
    return new Tried(
        window, test.run(request.seed(), List.of(window), 1, t -> t.rounds() < most));
  }
}
