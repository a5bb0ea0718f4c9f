package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import shootdown.check.examples.Remap;

/// How far a search is, as it says itself.
class EstimateTest {
  @Test
  void theEstimateOnlyGrowsAndIsNotFarOff() {
    var learned = new Learned(Remap.program(2, 2, Remap.Flush.AFTER_UNLOCK), Reductions.ALL);
    var first = search(learned, Options.DEFAULT, DepthFirst.Observer.NONE);
    long all = first.states();

    var shares = new ArrayList<Double>();
    var patience = new Patience(Options.DEFAULT);
    var sampling =
        new DepthFirst.Observer() {
          private long states;

          @Override
          public void entered(Stepper state) {
            if (++states % (all / 20) == 0) {
              shares.add(patience.done());
            }
          }
        };
    new DepthFirst(learned, new Findings(), Options.DEFAULT, patience, sampling).search();

    assertEquals(20, shares.size());
    for (int i = 0; i < shares.size(); i++) {
      double share = (i + 1) / 20.0;
      assertEquals(share, shares.get(i), 0.35, shares::toString);
      assertTrue(i == 0 || shares.get(i) >= shares.get(i - 1), shares::toString);
    }
  }

  /// The shares of the work that a search says are done, told whenever it looks at the clock: so
  /// that it makes no difference how long it takes.
  private static List<Double> shares(Options options) {
    var shares = new ArrayList<Double>();
    var always =
        new Progress() {
          @Override
          public void at(long states, double statesPerSecond, int depth, double done) {
            shares.add(done);
          }

          @Override
          public Duration every() {
            return Duration.ZERO;
          }
        };
    Check.run(
        () -> Remap.program(3, 2, Remap.Flush.BEFORE_UNLOCK_IF_DIRTY),
        options.withProgress(always));
    return shares;
  }

  @Test
  void severalWorkersSayHowFarTheyAre() {
    var shares = shares(Options.DEFAULT.withWorkers(new Workers(2, 0)));

    assertTrue(shares.stream().allMatch(share -> share >= 0 && share <= 1), shares::toString);
    assertTrue(shares.stream().anyMatch(share -> share > 0.01), shares::toString);
  }

  /// What a worker has just taken on is left to it: otherwise all would seem to be done.
  @Test
  void whatWasTakenOnIsLeft() {
    var learned = new Learned(Remap.program(2, 2, Remap.Flush.AFTER_UNLOCK), Reductions.ALL);
    var options = Options.DEFAULT.withWorkers(new Workers(2, 0));
    var search =
        new ParallelSearch(
            learned, new Findings(), options, new Patience(options), Optional.empty());
    var shares = new ArrayList<Double>();
    search.crew =
        workers -> {
          workers.get(0).begin(search.branches.take().orElseThrow());
          shares.add(workers.get(0).share);
          workers.get(0).goOn(20);
          workers.get(0).handOn();
          workers.get(1).begin(search.branches.take().orElseThrow());
          shares.add(workers.get(1).share);
        };
    search.search();

    assertEquals(1, shares.get(0));
    assertTrue(shares.get(1) > 0.01 && shares.get(1) < 1, shares::toString);
  }

  @Test
  void boundedPreemptionsSayHowFarTheyAre() {
    var shares = shares(Options.DEFAULT.withSearch(new Search.Preemptions(3)));

    assertTrue(shares.stream().allMatch(share -> share >= 0 && share <= 1), shares::toString);
    assertTrue(shares.stream().anyMatch(share -> share > 0.01), shares::toString);
  }

  private static DepthFirst search(
      Learned learned, Options options, DepthFirst.Observer observer) {
    var search =
        new DepthFirst(learned, new Findings(), options, new Patience(options), observer);
    search.search();
    return search;
  }
}
