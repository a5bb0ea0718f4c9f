package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shootdown.check.examples.Remap;
import shootdown.check.generated.Generator;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// Several threads that search find and count what one does; so do searches with other fingerprints
/// and with tasks in another order.
class WorkersTest {
  private static final Workers TWO = new Workers(2, 0);
  private static final Workers THREE = new Workers(3, 0);

  private static final List<Reductions> REDUCTIONS = List.of(Reductions.ALL, Reductions.NONE);

  private record Seen(
      long states, long transitions, Set<String> outcomes, Set<Violation> violations) {
    static Seen of(CheckResult result) {
      assertTrue(result.isComplete(), () -> result.incomplete().orElseThrow());
      return new Seen(
          result.effort().states(),
          result.effort().transitions(),
          Set.copyOf(result.outcomes().keySet()),
          new HashSet<>(CheckTest.violations(result)));
    }
  }

  @Test
  void generatedProgramsAreSearchedAsByOne() {
    LongStream.range(0, 120).forEach(WorkersTest::agrees);
  }

  @Test
  @Tag("slow")
  void manyGeneratedProgramsAreSearchedAsByOne() {
    LongStream.range(0, 10_000).forEach(WorkersTest::agrees);
  }

  @ParameterizedTest
  @CsvSource({"1,1,848", "2,1,10219", "1,2,9025", "2,2,454773"})
  void theReferenceProblemHasAsManyStates(int pages, int writers, long states) {
    var options = Options.DEFAULT.withReductions(Reductions.NONE).withWorkers(TWO);
    var result = Check.run(() -> remap(pages, writers), options);

    assertEquals(states, result.effort().states());
    assertTrue(result.violations().isEmpty());
    assertTrue(result.isComplete());
  }

  /// With paths of their own, workers may miss a cycle that leads through both; the search for
  /// cycles must find all that one thread finds on its path.
  @Test
  void cyclesAreFoundApartFromThePath() {
    int cyclic = 0;
    for (long seed = 0; seed < 300; seed++) {
      var program = Generator.program(seed);
      for (var reductions : REDUCTIONS) {
        var options = Options.DEFAULT.withReductions(reductions).withWorkers(TWO);
        var learned = new Learned(program.build(), reductions);
        var one = new DepthFirst(learned, new Findings(), options);
        one.search();
        for (int refining : new int[] {CycleSearch.REFINING, 0}) {
          var fresh = new Learned(program.build(), reductions);
          boolean known = foundCycle(learned, options, refining);
          boolean learning = foundCycle(fresh, options, refining);
          assertEquals(one.isCyclic(), known, () -> "known: " + program);
          assertEquals(one.isCyclic(), learning, () -> "learning: " + program);
        }
        cyclic += one.isCyclic() ? 1 : 0;
      }
    }
    assertTrue(cyclic > 20, "only " + cyclic + " have cycles");
  }

  /// The search for cycles takes steps from where a loop goes round. What these use says nothing
  /// about the step that led there.
  @Test
  void whatTheSearchForCyclesDoesIsNoStep() {
    Consumer<Program> layOut =
        p -> {
          var n = p.word("n", 0);
          var seen = p.word("seen", 0);
          CheckTest.task(p, "looks", () -> seen.write(n.read()));
          CheckTest.task(
              p,
              "counts",
              () ->
                  p.steps()
                      .retry(
                          "count",
                          () -> {
                            if (n.is(3)) {
                              return Turn.done(true);
                            }
                            n.add(1);
                            return Turn.again(true);
                          }));
          p.outcome(view -> "seen=" + view.get(seen));
        };
    for (var workers : List.of(Workers.ONE, TWO)) {
      var options = Options.DEFAULT.withWorkers(workers);
      var with = Check.run(() -> program(layOut), options);
      var reductions = Reductions.ALL.without(Reduction.SLEEP_SETS);
      var without = Check.run(() -> program(layOut), options.withReductions(reductions));
      assertEquals(Seen.of(without), Seen.of(with), workers::toString);
    }
  }

  private static Program program(Consumer<Program> layOut) {
    var program = new Program();
    layOut.accept(program);
    return program;
  }

  private static boolean foundCycle(Learned learned, Options options, int refining) {
    var several =
        new ParallelSearch(
            learned, new Findings(), options, new Patience(options), Optional.empty());
    several.refining = refining;
    several.search();
    return several.foundCycle();
  }

  @Test
  void counterexamplesAreAsShort() {
    var result =
        Check.run(
            () -> Remap.program(2, 1, Remap.Flush.AFTER_UNLOCK),
            Options.DEFAULT.withWorkers(TWO));

    assertEquals(
        5, result.violations().getFirst().counterexample().schedule().switches());
  }

  @Test
  void aFewWorkersBeginWhereItIsWorthwhile() {
    var result =
        Check.run(
            () -> remap(2, 2),
            Options.DEFAULT.withReductions(Reductions.NONE).withWorkers(2));

    assertEquals(454_773, result.effort().states());
    assertEquals(1_213_936, result.effort().transitions());
  }

  @Test
  void theBoundsHold() {
    var few = Options.DEFAULT.withWorkers(TWO).withMaxStates(5_000);
    assertEquals(
        "more than 5000 states", Check.run(() -> remap(3, 2), few).incomplete().orElseThrow());
    var brief = Options.DEFAULT.withWorkers(TWO).withTimeLimit(Duration.ofMillis(200));
    assertEquals(
        "more than 0.2 s", Check.run(() -> remap(4, 3), brief).incomplete().orElseThrow());
  }

  @Test
  void anInterruptEndsAllWorkers() {
    Thread.currentThread().interrupt();
    var result = Check.run(() -> remap(4, 3), Options.DEFAULT.withWorkers(TWO));
    assertTrue(Thread.interrupted(), "the interrupt is left for the caller");

    assertEquals("interrupted", result.incomplete().orElseThrow());
  }

  @Test
  void whatATaskThrowsIsReportedWithItsSchedule() {
    var options = Options.DEFAULT.withReductions(Reductions.NONE).withWorkers(TWO);
    var bug = assertThrows(ProgramBug.class, () -> Check.run(WorkersTest::throwing, options));

    assertFalse(bug.schedule().isEmpty());
  }

  @Test
  void otherFingerprintsAndOrdersOfTasksShowTheSame() {
    for (long seed = 0; seed < 100; seed++) {
      var program = Generator.program(seed);
      var plain = Options.DEFAULT.withReductions(Reductions.NONE);
      var one = Seen.of(Check.run(program::build, plain));
      assertEquals(one, Seen.of(Check.run(program::build, plain.withSeed(77))), "" + program);
      var reversed = Seen.of(Check.run(program::buildReversed, plain));
      assertEquals(one.states(), reversed.states(), () -> "" + program);
      assertEquals(one.transitions(), reversed.transitions(), () -> "" + program);
      assertEquals(one.outcomes(), reversed.outcomes(), () -> "" + program);
      assertEquals(
          one.outcomes(),
          Seen.of(Check.run(program::buildReversed, Options.DEFAULT)).outcomes(),
          () -> "" + program);
    }
  }

  private static void agrees(long seed) {
    var program = Generator.program(seed);
    for (var reductions : REDUCTIONS) {
      var options = Options.DEFAULT.withReductions(reductions);
      var one = Seen.of(Check.run(program::build, options));
      for (var workers : List.of(TWO, THREE)) {
        var several = Seen.of(Check.run(program::build, options.withWorkers(workers)));
        assertEquals(one, several, () -> "seed " + seed + " " + reductions + " " + program);
      }
    }
  }

  private static Program remap(int pages, int writers) {
    return Remap.program(pages, writers, Remap.Flush.BEFORE_UNLOCK_IF_DIRTY);
  }

  private static Program throwing() {
    var program = new Program();
    var word = program.word("w", 0);
    program.task("A", Task.Kind.NORMAL, () -> word.write(1));
    program.task(
        "B",
        Task.Kind.NORMAL,
        () -> {
          if (word.is(1)) {
            throw new IllegalStateException("thrown by the test");
          }
        });
    return program;
  }
}
