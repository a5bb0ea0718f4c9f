package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shootdown.check.examples.Remap;
import shootdown.sched.LockClass;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// Searches that do not cover all: what they find, what they say that they covered, and that the
/// same seed gives the same.
class SearchTest {
  private static final Violation WRONG = new Violation("wrong", "it went wrong");

  static List<Search> sampling() {
    return List.of(
        new Search.Random(1_000), new Search.Pct(3, 1_000), new Search.Swarm(4, 1 << 16));
  }

  @Test
  void aBoundThatHidesABugDoesNotHideItFromOneMore() {
    var one = run(new Search.Preemptions(1), SearchTest::takesTwoPreemptions);
    var two = run(new Search.Preemptions(2), SearchTest::takesTwoPreemptions);

    assertEquals(List.of(), CheckTest.violations(one));
    assertEquals("complete up to 1 preemption", one.incomplete().orElseThrow());
    assertEquals(List.of(WRONG), CheckTest.violations(two));
    var shown = two.violations().getFirst().counterexample();
    assertEquals(List.of(WRONG), shown.trace().violations());
    assertEquals(3, shown.schedule().switches());
  }

  @Test
  void aBoundThatIsNeverReachedIsNone() {
    var all = run(new Search.Exhaustive(), SearchTest::takesTwoPreemptions);
    var few = run(new Search.Preemptions(100), SearchTest::takesTwoPreemptions);

    assertTrue(few.isComplete(), few.incomplete()::toString);
    assertEquals(all.outcomes().keySet(), few.outcomes().keySet());
    assertTrue(few.coverage().orElseThrow().runs() < 10, few.coverage()::toString);
  }

  @Test
  void aLivelockIsFoundWhereTheBoundIsNeverReached() {
    var result = run(new Search.Preemptions(9), SearchTest::spins);

    assertTrue(result.isComplete());
    assertEquals(Set.of(Violation.LIVELOCK), properties(result));
  }

  @Test
  void aSwitchAwayFromATaskThatWaitsIsNoPreemption() {
    var result =
        run(
            new Search.Preemptions(0),
            p -> {
              var x = p.word("x", 0);
              CheckTest.task(
                  p,
                  "A",
                  () -> {
                    x.await(1);
                    x.write(2);
                    x.await(3);
                  });
              CheckTest.task(
                  p,
                  "B",
                  () -> {
                    x.write(1);
                    x.await(2);
                    x.write(3);
                  });
              p.outcome(view -> "x=" + view.get(x));
            });

    assertEquals(Set.of("x=3"), result.outcomes().keySet());
    assertTrue(CheckTest.violations(result).isEmpty());
  }

  /// A is stopped once, while it holds the lock; B has to wait for it then. Were taking the lock
  /// moved to where A reads `second`, B would have to be stopped, too.
  @Test
  void aTaskThatWaitsForALockIsNotPreempted() {
    var result =
        run(
            new Search.Preemptions(1),
            p -> {
              var lock = p.lock("lock", new LockClass("mutex", 0, true, true));
              var first = p.word("first", 0);
              var second = p.word("second", 0);
              var last = p.word("last", 0);
              CheckTest.task(
                  p,
                  "A",
                  () -> {
                    first.write(1);
                    lock.lock();
                    long seen = second.read();
                    lock.unlock();
                    last.write(seen);
                  });
              CheckTest.task(
                  p,
                  "B",
                  () -> {
                    if (first.is(1)) {
                      second.write(1);
                    }
                    lock.lock();
                    lock.unlock();
                    if (last.is(1)) {
                      p.steps().violate(WRONG);
                    }
                  });
            });

    assertEquals(List.of(WRONG), CheckTest.violations(result));
  }

  @Test
  void whatADaemonDoesIsNoPreemption() {
    var result =
        run(
            new Search.Preemptions(0),
            p -> {
              var x = p.word("x", 0);
              CheckTest.task(
                  p,
                  "A",
                  () -> {
                    x.write(1);
                    if (x.is(2)) {
                      p.steps().violate(WRONG);
                    }
                  });
              p.task("hardware", Task.Kind.DAEMON, () -> x.write(2));
            });

    assertEquals(List.of(WRONG), CheckTest.violations(result));
  }

  @ParameterizedTest
  @MethodSource("sampling")
  void sampledRunsFindBugsAndReplay(Search search) {
    var result = run(search, SearchTest::takesTwoPreemptions);

    assertEquals(List.of(WRONG), CheckTest.violations(result));
    assertEquals(
        List.of(WRONG), result.violations().getFirst().counterexample().trace().violations());
    assertFalse(result.isComplete());
    for (var outcome : result.outcomes().entrySet()) {
      assertEquals(
          outcome.getKey(), outcome.getValue().counterexample().trace().outcome().orElseThrow());
    }
  }

  @ParameterizedTest
  @MethodSource("sampling")
  void theSameSeedGivesTheSame(Search search) {
    var seeds =
        LongStream.range(0, 4)
            .mapToObj(
                seed -> {
                  String once = told(search, seed);
                  assertEquals(once, told(search, seed));
                  return once;
                })
            .collect(Collectors.toSet());

    assertEquals(4, seeds.size());
  }

  @Test
  void aSearchSaysWhatItCovered() {
    var random = run(new Search.Random(50), SearchTest::takesTwoPreemptions);
    var pct = run(new Search.Pct(2, 7), SearchTest::takesTwoPreemptions);
    var swarm = run(new Search.Swarm(3, 1 << 10), SearchTest::takesTwoPreemptions);

    String states = random.effort().states() + " states";
    assertEquals(
        "a random search: 50 runs, " + states + ", longest run 4 steps, seed 0",
        random.incomplete().orElseThrow());
    assertEquals(50, random.coverage().orElseThrow().ended());
    assertTrue(
        pct.incomplete().orElseThrow().startsWith("a PCT search of depth 2: 7 runs, "),
        pct.incomplete()::toString);
    assertTrue(
        swarm.incomplete().orElseThrow().matches(
            "a swarm search: 3 searches, 3 to the end, \\d+ states, longest path \\d steps,"
                + " seeds 0 to 2, livelocks not looked for"),
        swarm.incomplete()::toString);
  }

  @Test
  void aRunThatGoesRoundForEverIsSeenAsALivelock() {
    for (Search search : List.of(new Search.Random(20), new Search.Pct(2, 20))) {
      var result = run(search, SearchTest::spins);

      assertEquals(Set.of(Violation.LIVELOCK), properties(result));
      assertFalse(result.violations().getFirst().counterexample().cycle().isEmpty());
    }
  }

  @Test
  void aSpinThatAnotherTaskEndsIsNoLivelock() {
    for (Search search : List.of(new Search.Random(100), new Search.Pct(2, 100))) {
      var result =
          run(
              search,
              p -> {
                var flag = p.word("flag", 0);
                CheckTest.task(p, "A", () -> spinUntil(p, flag::read));
                CheckTest.task(p, "B", () -> flag.write(1));
                p.outcome(_ -> "over");
              });

      assertEquals(List.of(), CheckTest.violations(result));
      assertEquals(Set.of("over"), result.outcomes().keySet());
      assertEquals(100, result.coverage().orElseThrow().ended());
    }
  }

  @Test
  void aTableThatIsFullEndsASearchOfASwarm() {
    var result =
        Check.run(
            () -> Remap.program(2, 2, Remap.Flush.BEFORE_UNLOCK_IF_DIRTY),
            Options.DEFAULT.withSearch(new Search.Swarm(20, 1 << 13)));
    var coverage = result.coverage().orElseThrow();

    assertEquals(0, coverage.ended(), coverage::toString);
    assertTrue(coverage.states() > 2 * (1 << 13) / 5, coverage::toString);
    assertTrue(result.violations().isEmpty());
  }

  @Test
  void timeEndsASearchThatHasNoOtherEnd() {
    var result =
        Check.run(
            CheckTest.program(SearchTest::takesTwoPreemptions),
            Options.DEFAULT
                .withSearch(new Search.Random(Long.MAX_VALUE))
                .withTimeLimit(Duration.ofMillis(50)));

    assertTrue(result.incomplete().orElseThrow().endsWith("; more than 0.05 s"));
  }

  @Test
  void searchesThatMakeNoSenseAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Search.Preemptions(-1));
    assertThrows(IllegalArgumentException.class, () -> new Search.Preemptions(101));
    assertThrows(IllegalArgumentException.class, () -> new Search.Random(0));
    assertThrows(IllegalArgumentException.class, () -> new Search.Pct(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Search.Swarm(1, 1000));
  }

  @Test
  void manyStatesAreEstimated() {
    var distinct = new DistinctStates();
    var fingerprints = new Fingerprints(0);
    int count = 3_000_000;
    for (int i = 0; i < count; i++) {
      distinct.add(fingerprints.word(0, i));
      distinct.add(fingerprints.word(0, i / 2));
    }

    assertFalse(distinct.isExact());
    assertNotEquals(count, distinct.count());
    assertEquals(1, (double) distinct.count() / count, 0.03);
  }

  /// B must see A's first store, A go on, and B see the second one.
  private static void takesTwoPreemptions(Program p) {
    var x = p.word("x", 0);
    CheckTest.task(
        p,
        "A",
        () -> {
          x.write(1);
          x.write(2);
        });
    CheckTest.task(
        p,
        "B",
        () -> {
          if (x.is(1) && x.is(2)) {
            p.steps().violate(WRONG);
          }
        });
    p.outcome(view -> "x=" + view.get(x));
  }

  private static void spins(Program p) {
    var flag = p.word("flag", 0);
    CheckTest.task(p, "A", () -> spinUntil(p, () -> flag.is(1) ? 1L : 0L));
    CheckTest.task(p, "B", () -> flag.write(2));
  }

  private static void spinUntil(Program p, Supplier<Long> done) {
    p.steps().retry("spin", () -> done.get() != 0 ? Turn.done(1) : Turn.again(true));
  }

  private static String told(Search search, long seed) {
    var result =
        Check.run(
            CheckTest.program(SearchTest::takesTwoPreemptions),
            Options.DEFAULT.withSearch(search).withSeed(seed));
    return result.coverage() + " " + result.effort().transitions() + " "
        + result.violations().getFirst().schedule() + " " + result.outcomes().keySet();
  }

  private static Set<String> properties(CheckResult result) {
    return CheckTest.violations(result).stream()
        .map(Violation::property)
        .collect(Collectors.toSet());
  }

  private static CheckResult run(Search search, Consumer<Program> layOut) {
    return Check.run(CheckTest.program(layOut), Options.DEFAULT.withSearch(search));
  }
}
