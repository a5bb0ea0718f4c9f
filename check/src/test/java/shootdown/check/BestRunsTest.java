package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shootdown.check.generated.Family;
import shootdown.check.generated.GeneratedProgram;
import shootdown.check.generated.Generator;

/// Counterexamples are as short as any run that the second runner finds, where all are tried.
class BestRunsTest {
  private static final int SLICE = 1_201;
  private static final int MANY = 53;
  private static final int MOST = 400;

  @Test
  void noRunIsShorter() {
    assertTrue(compared(SLICE, 12) > 150);
  }

  @Test
  @Tag("slow")
  void noRunOfManyIsShorter() {
    assertTrue(compared(MANY, 1_000) > 5_000);
  }

  /// @return how many counterexamples
  private static long compared(int manyTh, long seeds) {
    var number = new AtomicLong();
    return Stream.concat(
            Stream.of(
                    Family.pairs(),
                    Family.counting(),
                    Family.ofThreeTasks(),
                    Family.withADaemon())
                .flatMap(all -> all)
                .filter(_ -> number.getAndIncrement() % manyTh == 0),
            LongStream.range(0, seeds).mapToObj(Generator::program))
        .filter(BestRunsTest::isSmall)
        .mapToLong(BestRunsTest::compare)
        .sum();
  }

  private static boolean isSmall(GeneratedProgram program) {
    var options =
        Options.DEFAULT
            .withReductions(Reductions.NONE)
            .withMaxStates(MOST)
            .withGraphStates(0);
    return Check.run(program::build, options).isComplete();
  }

  private static long compare(GeneratedProgram program) {
    var best = BestRuns.of(program.build(), MOST);
    var plain = check(program, Reductions.NONE);
    livelocks(program, plain, best);
    var reduced = check(program, Reductions.ALL);
    return compare(program, plain, best, Operations.FEWEST)
        + compare(program, reduced, best, Operations.OF_WHOLE_STEPS);
  }

  /// How many operations there may be, with as few switches as possible.
  private enum Operations {
    FEWEST,
    /// steps of reduced searches have operations at their ends that nobody else sees
    OF_WHOLE_STEPS
  }

  private static CheckResult check(GeneratedProgram program, Reductions which) {
    return Check.run(program::build, Options.DEFAULT.withReductions(which));
  }

  private static long compare(
      GeneratedProgram program, CheckResult result, BestRuns best, Operations operations) {
    long compared = 0;
    for (var finding : result.violations()) {
      var what = new Found.What.Violated(finding.violation().orElseThrow());
      compared += compare(program, what, finding.counterexample(), best, operations);
    }
    for (var outcome : result.outcomes().entrySet()) {
      var what = new Found.What.Ended(outcome.getKey());
      var shown = outcome.getValue().counterexample();
      compared += compare(program, what, shown, best, operations);
    }
    return compared;
  }

  private static long compare(
      GeneratedProgram program,
      Found.What what,
      Counterexample shown,
      BestRuns best,
      Operations operations) {
    var cost = best.to(what);
    if (cost.isEmpty()) {
      return 0;
    }
    var run = shown.schedule();
    assertTrue(shown.minimal());
    assertEquals(cost.get().switches(), run.switches(), () -> what + " " + run + " " + program);
    int more = run.length() - cost.get().operations();
    assertTrue(
        operations == Operations.FEWEST ? more == 0 : more >= 0,
        () -> what + " " + run + " " + cost + " " + program);
    return 1;
  }

  /// Of the ways to go round for ever, the one that is come to first is shown.
  private static void livelocks(GeneratedProgram program, CheckResult result, BestRuns best) {
    var shown =
        result.violations().stream()
            .map(Finding::counterexample)
            .filter(c -> !c.cycle().isEmpty())
            .map(c -> new BestRuns.Cost(c.schedule().switches(), c.schedule().length()))
            .min(BestRuns.Cost::compareTo);
    var all =
        SecondGraph.explore(program.build(), MOST).endless().stream()
            .filter(SecondGraph.Endless::isLivelock)
            .flatMap(e -> e.states().stream())
            .map(best::to)
            .min(BestRuns.Cost::compareTo);
    assertEquals(all, shown, program::toString);
  }
}
