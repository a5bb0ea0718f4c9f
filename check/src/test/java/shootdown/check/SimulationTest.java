package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import shootdown.check.Window.Place;
import shootdown.sched.Cost;
import shootdown.sched.LockClass;
import shootdown.sched.OpKind;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Timing;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// Runs in simulated time.
class SimulationTest {
  private static final double PER_SECOND = 50_000;
  private static final double STEP = 100;
  private static final double LATE = 1e8;

  /// Two tasks add 1 to a word, each by a read and a write: one of them may be lost.
  private static Program counter() {
    var program = new Program();
    var steps = program.steps();
    var word = program.word("word", 0);
    for (int i = 0; i < 2; i++) {
      program.task(
          "T" + i,
          Task.Kind.NORMAL,
          () ->
              steps.run(
                  "bump",
                  () -> {
                    long v = word.read();
                    steps.recheck("same", () -> word.is(v));
                    word.write(v + 1);
                  }));
    }
    program.outcome(view -> "word=" + view.get(word));
    return program;
  }

  private static boolean isLost(Round round) {
    return round.outcome().filter("word=1"::equals).isPresent();
  }

  private static Tally lost(long seed, Window... windows) {
    return new Simulation(counter(), SimulationTest::isLost)
        .run(seed, List.of(windows), t -> t.rounds() < 2_000);
  }

  @Test
  void aWindowWhereTheRaceIsMakesItFrequent() {
    var bare = lost(1);
    var before = lost(1, new Window("bump/same", Place.BEFORE, 1e6));
    var after = lost(1, new Window("bump/same", Place.AFTER, 1e6));

    assertTrue(bare.hits() > 0 && bare.interval().high() < 0.8, () -> bare.hits() + "");
    assertEquals(2_000, before.hits());
    assertEquals(2_000, after.hits());
    assertEquals(2_000, before.passed());
    assertEquals(0, bare.passed());
    assertTrue(before.meanNanos() > 1e6 && bare.meanNanos() < 1e5);
  }

  /// Task 0 looks, and task 1 writes: who stays before its look sees what was written.
  private static Program looking() {
    var program = new Program();
    var steps = program.steps();
    var flag = program.word("flag", 0);
    var seen = program.word("seen", 0);
    program.task(
        "looks",
        Task.Kind.NORMAL,
        () ->
            steps.run(
                "look",
                () -> {
                  boolean set = steps.recheck("flag", () -> flag.is(1));
                  seen.write(set ? 1 : 0);
                }));
    program.task("writes", Task.Kind.NORMAL, () -> flag.write(1));
    program.outcome(view -> "seen=" + view.get(seen));
    return program;
  }

  @Test
  void beforeAndAfterAStepAreNotTheSame() {
    var simulation =
        new Simulation(looking(), r -> r.outcome().filter("seen=1"::equals).isPresent());
    var before = new Window("look/flag", Place.BEFORE, 1e6);
    var after = new Window("look/flag", Place.AFTER, 1e6);
    assertEquals(500, simulation.run(1, List.of(before), t -> t.rounds() < 500).hits());
    var late = simulation.run(1, List.of(after), t -> t.rounds() < 500);
    assertTrue(late.hits() < 400 && late.passed() == 500, () -> late.hits() + "");
  }

  @Test
  void aWindowElsewhereIsNotPassed() {
    assertEquals(0, lost(1, new Window("other/same", Place.BEFORE, 1e6)).passed());
  }

  @Test
  void theSameSeedGivesTheSame() {
    assertEquals(lost(5).hits(), lost(5).hits());
    assertEquals(lost(5).meanNanos(), lost(5).meanNanos());
    assertFalse(lost(5).meanNanos() == lost(6).meanNanos());
  }

  @Test
  void roundsEndAsTheExhaustiveSearchSays() {
    List<Supplier<Program>> family = List.of(SimulationTest::counter, SimulationTest::locked);
    for (var programs : family) {
      var all = Check.run(programs, Options.DEFAULT).outcomes().keySet();
      Set<String> seen = new TreeSet<>();
      new Simulation(programs.get(), r -> r.outcome().map(seen::add).orElseThrow())
          .run(3, List.of(), t -> t.rounds() < 500);
      assertEquals(new TreeSet<>(all), seen);
    }
  }

  /// As [#counter], with a lock; whoever comes late waits.
  private static Program locked() {
    var program = new Program();
    var word = program.word("word", 0);
    var lock = program.lock("lock", new LockClass("lock", 0, false, false));
    for (int i = 0; i < 3; i++) {
      program.task(
          "T" + i,
          Task.Kind.NORMAL,
          () -> {
            lock.lock();
            word.write(word.read() + 1);
            lock.unlock();
          });
    }
    program.outcome(view -> "word=" + view.get(word));
    return program;
  }

  /// What waits for another's flag by looking at it again and again.
  private static Program spinning() {
    var program = new Program();
    var steps = program.steps();
    var flag = program.word("flag", 0);
    program.task(
        "waits",
        Task.Kind.NORMAL,
        () ->
            steps.retry(
                "flag",
                () -> {
                  steps.progress();
                  return flag.is(1)
                      ? Turn.done(true)
                      : Turn.<Boolean, Boolean>again(true);
                }));
    program.task(
        "sets",
        Task.Kind.NORMAL,
        () -> steps.run("sets", () -> steps.recheck("flag", () -> flag.testAndSet(1))));
    program.outcome(_ -> "over");
    return program;
  }

  @Test
  void whoSpinsDoesNotTakeAllSteps() {
    var rounds = new ArrayList<Round>();
    var tally =
        new Simulation(spinning(), rounds::add)
            .run(1, List.of(new Window("sets/flag", Place.BEFORE, 1e9)), t -> t.rounds() < 20);
    assertEquals(0, tally.cutShort());
    assertTrue(rounds.stream().allMatch(r -> r.outcome().isPresent() && r.passed()));
  }

  /// Task 0 takes two steps, the second after a step's time; task 1 breaks in between if it can,
  /// but it comes a million times later, and so only if the first is stopped for longer.
  private static Program rarelyBroken() {
    var program = new Program();
    var steps = program.steps();
    var word = program.word("word", 0);
    program.task(
        "two",
        Task.Kind.NORMAL,
        () -> {
          word.write(1);
          if (!word.is(1)) {
            steps.violate(new Violation("broken", "between the two"));
          }
        });
    program.task("late", Task.Kind.NORMAL, () -> word.swap(2));
    program.timing(
        new Timing() {
          @Override
          public List<Cost> costs(Step step) {
            boolean late = step.kind() == OpKind.SWAP;
            return step.kind() == OpKind.WRITE
                ? List.of()
                : List.of(new Cost.Typical(late ? LATE : STEP, late ? LATE : STEP, late));
          }

          @Override
          public List<Cost> resuming(Step step) {
            return List.of();
          }

          @Override
          public List<Interruption> interruptions() {
            return List.of(
                new Interruption(PER_SECOND, new Cost.Typical(1e9, 1e9, false), true));
          }
        });
    return program;
  }

  /// One preemption in the time of one step: 1 - exp(-r t).
  @Test
  void moreFrequentPreemptionsAreWeighed() {
    double fact = -Math.expm1(-PER_SECOND * STEP / 1e9);
    var simulation = new Simulation(rarelyBroken(), r -> !r.violations().isEmpty());

    var plain = simulation.run(1, List.of(), t -> t.rounds() < 40_000).interval();
    assertTrue(plain.low() <= fact && fact <= plain.high(), plain + " for " + fact);

    var tally = simulation.run(1, List.of(), 100, t -> t.rounds() < 40_000);
    var weighed = tally.weighed();
    assertTrue(tally.hits() > 10_000);
    assertTrue(weighed.low() <= fact && fact <= weighed.high(), weighed + " for " + fact);
    assertTrue(weighed.high() - weighed.low() < (plain.high() - plain.low()) / 5);
  }

  @Test
  void checkingInSimulatedTimeFindsWhatTheWindowShows() {
    var window = new Window("bump/same", Place.BEFORE, 1e6);
    var options = Options.DEFAULT.withSearch(new Search.Timed(20, List.of(window)));
    var result = Check.run(SimulationTest::counter, options);
    assertEquals(Set.of("word=1"), result.outcomes().keySet());
    assertFalse(result.isComplete());
    assertTrue(
        result.incomplete().orElseThrow().startsWith(
            "a random search in simulated time: 20 runs, "));
    var shown = result.outcomes().get("word=1").counterexample();
    assertEquals("word=1", shown.trace().outcome().orElseThrow());
  }
}
