package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shootdown.check.Branches.Branch;
import shootdown.check.generated.GeneratedProgram;
import shootdown.check.generated.Generator;

/// Workers that hand on what is left to them after a few steps find what one of them finds.
class TakingTurnsTest {
  private static final Options SMALL = Options.DEFAULT.withMaxStates(5_000);
  private static final List<Reductions> REDUCTIONS = List.of(Reductions.ALL, Reductions.NONE);

  @Test
  void workersTakeTurns() {
    long handedOn = programs(0, 30).mapToLong(Comparison::ofTurns).sum();

    assertTrue(handedOn > 5_000, () -> "only " + handedOn + " times");
  }

  @Test
  @Tag("slow")
  void workersTakeTurnsInManyPrograms() {
    long programs = programs(0, 1_500).peek(Comparison::ofTurns).count();

    assertTrue(programs > 2_000, () -> "only " + programs + " programs are small");
  }

  @Test
  void threadsHandOnAfterEachStep() {
    programs(0, 40).forEach(program -> REDUCTIONS.forEach(which -> inThreads(program, which)));
  }

  /// Where several search, and the search is over at a bound, it may be gone on with behind the
  /// step that led to a cycle.
  @Test
  void aSearchThatIsOverStillTellsOfCycles() {
    int cyclic = 0;
    for (long seed = 0; seed < 100; seed++) {
      var program = Generator.program(seed);
      var options = SMALL.withReductions(Reductions.NONE);
      var one = new DepthFirst(learned(program, Reductions.NONE), new Findings(), options);
      one.search();
      var several = search(learned(program, Reductions.NONE), new Findings(), options);
      several.crew = workers -> late(several, workers.getFirst());
      several.search();
      assertEquals(one.isCyclic(), several.foundCycle(), program::toString);
      cyclic += one.isCyclic() ? 1 : 0;
    }
    assertTrue(cyclic > 5, "only " + cyclic + " have cycles");
  }

  /// The search is over while the worker is in a slice, in which it searches all.
  private static void late(ParallelSearch search, Worker worker) {
    search.stop();
    worker.begin(Branch.first());
    worker.goOn(Integer.MAX_VALUE);
  }

  private static void inThreads(GeneratedProgram program, Reductions which) {
    var options = SMALL.withReductions(which);
    var findings = new Findings();
    var one = new DepthFirst(learned(program, which), findings, options);
    one.search();
    for (int count = 2; count <= 3; count++) {
      var found = new Findings();
      var threads = options.withWorkers(new Workers(count, 0));
      var several = search(learned(program, which), found, threads);
      several.slice = 1;
      several.search();
      assertEquals(Verdict.of(findings), Verdict.of(found), program::toString);
      assertEquals(one.states(), several.states(), program::toString);
      assertEquals(one.transitions(), several.transitions(), program::toString);
      assertEquals(one.isCyclic(), several.foundCycle(), program::toString);
    }
  }

  /// Small ones of the seeds, with loops that count and without.
  private static Stream<GeneratedProgram> programs(long from, long to) {
    return LongStream.range(from, to)
        .boxed()
        .flatMap(seed -> Stream.of(Generator.counting(seed), Generator.program(seed)))
        .filter(TakingTurnsTest::isSmall);
  }

  private static boolean isSmall(GeneratedProgram program) {
    var options = SMALL.withReductions(Reductions.NONE).withGraphStates(0);
    return Check.run(program::build, options).isComplete();
  }

  private static Learned learned(GeneratedProgram program, Reductions which) {
    return new Learned(program.build(), which);
  }

  private static ParallelSearch search(Learned learned, Findings findings, Options options) {
    return new ParallelSearch(
        learned, findings, options, new Patience(options), Optional.empty());
  }
}
