package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shootdown.check.examples.Remap;
import shootdown.check.generated.AlikeProgram;
import shootdown.check.generated.Generator;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Violation;

/// A search that goes on from a checkpoint finds and counts what one does that was never stopped.
/// (That a killed process can go on is tested with the command line.)
class CheckpointTest {
  private static final Workers TWO = new Workers(2, 0);

  @TempDir private Path folder;

  private record Seen(
      long states,
      long transitions,
      Set<String> outcomes,
      Set<Violation> violations,
      boolean complete) {
    static Seen of(CheckResult result) {
      return new Seen(
          result.effort().states(),
          result.effort().transitions(),
          Set.copyOf(result.outcomes().keySet()),
          new HashSet<>(CheckTest.violations(result)),
          result.isComplete());
    }
  }

  private Path file() {
    return folder.resolve("kept");
  }

  private Options kept(Options options) {
    return options.withCheckpoint(Checkpoint.in(file()));
  }

  /// Searches a few states more each time, until all are searched.
  private CheckResult inPieces(Supplier<Program> programs, Options options, long piece)
      throws IOException {
    Files.deleteIfExists(file());
    long states = piece;
    var result = Check.run(programs, kept(options).withMaxStates(states));
    while (result.incomplete().filter(why -> why.startsWith("more than")).isPresent()) {
      states += piece;
      result = Check.run(programs, kept(options).withMaxStates(states));
    }
    return Check.run(programs, kept(options));
  }

  @Test
  void generatedProgramsAreSearchedInPieces() throws IOException {
    int pieces = 0;
    int restarted = 0;
    for (long seed = 0; seed < 60; seed++) {
      var program = Generator.program(seed);
      var whole = Check.run(program::build, Options.DEFAULT);
      long piece = whole.effort().states() / 4 + 1;
      var parts = inPieces(program::build, Options.DEFAULT, piece);
      assertEquals(Seen.of(whole), Seen.of(parts), () -> "" + program);
      parts.violations().forEach(Finding::counterexample);
      parts.outcomes().values().forEach(Finding::counterexample);
      pieces += whole.effort().states() > piece ? 1 : 0;
      restarted += whole.effort().restarts() > 0 ? 1 : 0;
    }
    assertTrue(pieces > 30, "only " + pieces + " were stopped");
    assertTrue(restarted > 15, "only " + restarted + " began again");
  }

  @Test
  void searchesUpToRenamingGoOn() throws IOException {
    for (long seed = 0; seed < 60; seed++) {
      var program = new AlikeProgram(seed, 2 + (int) seed % 2, seed % 4 == 1, 0);
      var whole = Check.run(program::build, Options.DEFAULT);
      long piece = whole.effort().states() / 4 + 1;
      var parts = inPieces(program::build, Options.DEFAULT, piece);
      assertEquals(Seen.of(whole), Seen.of(parts), program::toString);
    }
  }

  @Test
  void severalWorkersGoOn() throws IOException {
    for (long seed = 0; seed < 40; seed++) {
      var program = Generator.program(seed);
      for (var reductions : List.of(Reductions.ALL, Reductions.NONE)) {
        var options = Options.DEFAULT.withReductions(reductions).withWorkers(TWO);
        var whole = Check.run(program::build, options);
        var parts = inPieces(program::build, options, whole.effort().states() / 3 + 1);
        assertEquals(Seen.of(whole), Seen.of(parts), () -> reductions + " " + program);
      }
    }
  }

  @Test
  void workersThatAreStoppedOnTheWayGoOn() throws IOException {
    var options = Options.DEFAULT.withReductions(Reductions.NONE);
    var often = Checkpoint.in(file()).every(Duration.ofMillis(1));
    var searched =
        Check.run(
            CheckpointTest::remap,
            options.withWorkers(TWO).withCheckpoint(often).withMaxStates(200_000));
    assertFalse(searched.isComplete());

    var result = Check.run(CheckpointTest::remap, options.withWorkers(3).withCheckpoint(often));

    assertEquals(454_773, result.effort().states());
    assertEquals(1_213_936, result.effort().transitions());
    assertTrue(result.isComplete());
  }

  /// What asks a search to end may ask it to be kept.
  @Test
  void anInterruptedSearchIsKept() throws IOException {
    for (var workers : List.of(Workers.ONE, TWO)) {
      var options = kept(Options.DEFAULT.withReductions(Reductions.NONE).withWorkers(workers));
      Check.run(CheckpointTest::remap, options.withMaxStates(50_000));
      byte[] before = Files.readAllBytes(file());

      Thread.currentThread().interrupt();
      var stopped = Check.run(CheckpointTest::remap, options);
      assertTrue(Thread.interrupted(), "the interrupt is left for the caller");
      assertEquals(Options.Bounds.INTERRUPTED, stopped.incomplete().orElseThrow());
      assertFalse(Arrays.equals(before, Files.readAllBytes(file())));

      var result = Check.run(CheckpointTest::remap, options);
      assertEquals(454_773, result.effort().states());
      assertEquals(1_213_936, result.effort().transitions());
      assertTrue(file().toFile().delete());
    }
  }

  @Test
  void nothingIsSearchedTwice() {
    var plain = Options.DEFAULT.withReductions(Reductions.NONE);
    var options = kept(plain.withMaxStates(300_000));
    long first = stepsOf(options);
    var often = Checkpoint.in(file()).every(Duration.ofMillis(1));
    long second = stepsOf(plain.withCheckpoint(often));

    assertTrue(first > 300_000 && second > 100_000, first + " and " + second);
    assertEquals(1_213_936, first + second);
    assertEquals(0, stepsOf(plain.withCheckpoint(often)));
  }

  /// Steps that a search takes itself; without reductions, it does not begin again.
  private static long stepsOf(Options options) {
    var learned = new Learned(remap(), options.reductions());
    var findings = new Findings();
    var patience = new Patience(options);
    var keeper =
        Keeper.of(options, new Keeper.Search(learned, findings, patience)).orElseThrow();
    var counting =
        new DepthFirst.Observer() {
          long steps;

          @Override
          public void stepped(
              int from, int task, int vertex, int choice, Stepper state, boolean goesOn) {
            steps++;
          }
        };
    new DepthFirst(learned, findings, options, patience, counting).keptBy(keeper).search();
    return counting.steps;
  }

  @Test
  void aFullTableOfStatesIsKept() throws IOException {
    var options = Options.DEFAULT.withReductions(Reductions.NONE).withMemory(2 << 20);
    var whole = Check.run(CheckpointTest::remap, kept(options));
    var parts = inPieces(CheckpointTest::remap, options, 120_000);

    assertTrue(whole.incomplete().orElseThrow().startsWith("the memory for states was full"));
    assertEquals(Seen.of(whole), Seen.of(parts));
    assertEquals(whole.incomplete(), parts.incomplete());
  }

  @Test
  void aShortSearchWritesNothing() {
    var result = Check.run(CheckpointTest::careless, kept(Options.DEFAULT));

    assertTrue(result.isComplete());
    assertFalse(Files.exists(file()));
  }

  @Test
  void whatADifferentSearchWroteIsRefused() {
    var options = kept(Options.DEFAULT);
    Check.run(CheckpointTest::remap, options.withMaxStates(1_000));

    refused(CheckpointTest::remap, options.withSeed(1), "seed: 0 there, 1 here");
    refused(
        CheckpointTest::remap,
        options.withReductions(Reductions.NONE),
        "reductions: " + Reductions.ALL + " there, " + Reductions.NONE + " here");
    refused(CheckpointTest::remap, options.withWorkers(TWO), "workers: one there, several here");
    refused(
        CheckpointTest::remap,
        options.withCheckpoint(Checkpoint.in(file()).of(Map.of("kernel", "latest"))),
        "kernel: nothing there, latest here");
    refused(() -> Remap.program(1, 2, Remap.Flush.AFTER_UNLOCK), options, "words: ");
    refused(
        () -> Remap.program(2, 2, Remap.Flush.AFTER_UNLOCK),
        options,
        "its tasks do something else");
  }

  private static void refused(Supplier<Program> programs, Options options, String why) {
    var refusal = assertThrows(UnfitCheckpoint.class, () -> Check.run(programs, options));
    assertTrue(refusal.getMessage().contains(why), refusal::getMessage);
  }

  @Test
  void damageIsRefused() throws IOException {
    var options = kept(Options.DEFAULT);
    Check.run(CheckpointTest::remap, options.withMaxStates(1_000));
    byte[] good = Files.readAllBytes(file());
    for (int length : List.of(0, 3, 9, 23, 24, good.length / 2, good.length - 1)) {
      Files.write(file(), Arrays.copyOf(good, length));
      assertThrows(UnfitCheckpoint.class, () -> Check.run(CheckpointTest::remap, options));
    }
    for (int i : List.of(0, 10, 13, 17, 24, 200, good.length / 2, good.length - 1)) {
      byte[] bad = good.clone();
      bad[i] ^= 4;
      Files.write(file(), bad);
      assertThrows(UnfitCheckpoint.class, () -> Check.run(CheckpointTest::remap, options));
    }
    Files.writeString(file(), "something that a user has written");
    refused(CheckpointTest::remap, options, "is no checkpoint");
    Files.write(file(), good);
    assertTrue(Check.run(CheckpointTest::remap, options).isComplete());
  }

  @Test
  void aFileThatCannotBeWrittenIsTold() {
    var nowhere = folder.resolve("no such folder").resolve("kept");
    var troubles = new ArrayList<IOException>();
    var options = Options.DEFAULT.withMaxStates(1_000);
    var telling = Checkpoint.in(nowhere).telling(troubles::add);

    assertThrows(
        UncheckedIOException.class,
        () -> Check.run(CheckpointTest::remap, options.withCheckpoint(Checkpoint.in(nowhere))));
    Check.run(CheckpointTest::remap, options.withCheckpoint(telling));
    assertFalse(troubles.isEmpty());
  }

  @Test
  void onlyAnExhaustiveSearchIsKept() {
    var random = Options.DEFAULT.withSearch(new Search.Random(10));
    assertThrows(IllegalArgumentException.class, () -> kept(random));
    var merging = Options.DEFAULT.withMerging(Options.Merging.BISIMILAR);
    assertThrows(IllegalArgumentException.class, () -> kept(merging));
  }

  /// A run that was saved with a violation tells it again, with the words of its message.
  @Test
  void whatWasFoundIsKept() throws IOException {
    var whole = Check.run(CheckpointTest::careless, Options.DEFAULT);
    var parts = inPieces(CheckpointTest::careless, Options.DEFAULT, 20);

    assertEquals(Seen.of(whole), Seen.of(parts));
    assertEquals(
        whole.violations().getFirst().schedule(), parts.violations().getFirst().schedule());
    assertEquals(
        whole.violations().getFirst().counterexample().schedule(),
        parts.violations().getFirst().counterexample().schedule());
  }

  private static Program careless() {
    var program = new Program();
    var x = program.word("x", 0);
    for (var name : List.of("A", "B", "C")) {
      program.task(
          name,
          Task.Kind.NORMAL,
          () -> {
            if (x.read() == 2) {
              program.steps().violate(new Violation("two", "x was 2 when " + name + " looked"));
            }
            x.write(x.read() + 1);
          });
    }
    program.outcome(view -> "x=" + view.get(x));
    return program;
  }

  private static Program remap() {
    return Remap.program(2, 2, Remap.Flush.BEFORE_UNLOCK_IF_DIRTY);
  }
}
