package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shootdown.check.generated.AlikeProgram;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Violation;

/// A search up to renaming finds what the plain one finds; its states are the plain one's, counted
/// up to renaming; and what is declared wrongly is found out.
class SymmetryTest {
  private static final int MAX_STATES = 20_000;
  private static final Reductions SYMMETRY = Reductions.of(Reduction.SYMMETRY);
  private static final Reductions OTHERS = Reductions.ALL.without(Reduction.SYMMETRY);

  /// What must not depend on how the search goes.
  private record Verdict(Set<String> outcomes, Set<Violation> violations, boolean livelock) {
    static Verdict of(CheckResult result) {
      var byLivelock =
          CheckTest.violations(result).stream()
              .collect(
                  Collectors.partitioningBy(
                      v -> v.property().equals(Violation.LIVELOCK), Collectors.toSet()));
      return new Verdict(
          Set.copyOf(result.outcomes().keySet()),
          byLivelock.get(false),
          !byLivelock.get(true).isEmpty());
    }
  }

  @Test
  void searchesUpToRenamingAgree() {
    long found = LongStream.range(0, 150).filter(seed -> agrees(program(seed))).count();

    assertTrue(found > 100, "only " + found + " programs are small enough");
  }

  @Test
  void runsThatAreNotFollowedReplay() {
    LongStream.range(0, 40).forEach(SymmetryTest::replays);
  }

  /// Whatever is not declared, the search notices, or it makes no difference.
  @Test
  void aDeclarationThatIsMissingIsNoticed() {
    long noticed = LongStream.range(0, 100).map(SymmetryTest::noticed).sum();

    assertTrue(noticed > 100, "only " + noticed + " were noticed");
  }

  @Test
  @Tag("slow")
  void manySearchesUpToRenamingAgree() {
    LongStream.range(150, 10_000).forEach(seed -> agrees(program(seed)));
    LongStream.range(100, 2_000).forEach(SymmetryTest::noticed);
    LongStream.range(40, 2_000).forEach(SymmetryTest::replays);
  }

  private static AlikeProgram program(long seed) {
    return new AlikeProgram(seed, seed % 3 == 0 ? 2 : 3, seed % 4 == 1, 0);
  }

  /// False if the program is too large.
  private static boolean agrees(AlikeProgram program) {
    var plain = check(program::build, Reductions.NONE);
    if (!plain.isComplete()) {
      return false;
    }
    String where = program.toString();
    var verdict = Verdict.of(plain);
    var symmetric = check(program::build, SYMMETRY);
    assertEquals(verdict, Verdict.of(symmetric), where);
    assertEquals(orbits(program::build), symmetric.effort().states(), where);
    for (var reductions : List.of(OTHERS, Reductions.ALL)) {
      assertEquals(verdict, Verdict.of(check(program::build, reductions)), where + reductions);
    }
    return true;
  }

  /// Counts states up to renaming by brute force: the images of each are listed.
  private static long orbits(Supplier<Program> programs) {
    var learned = new Learned(programs.get(), SYMMETRY);
    var mirror = new Mirror(learned, learned.images.orElseThrow());
    var least = new HashSet<Long>();
    var counting =
        new DepthFirst.Observer() {
          @Override
          public void entered(Stepper state) {
            least.add(
                mirror.ends(state.memory, state.at).stream()
                    .mapToLong(mirror::fingerprint)
                    .min()
                    .orElseThrow());
          }
        };
    var options = Options.DEFAULT.withReductions(Reductions.NONE).withMaxStates(MAX_STATES);
    new DepthFirst(learned, new Findings(), options, new Patience(options), counting).search();
    return least.size();
  }

  private static void replays(long seed) {
    var program = program(seed);
    var result =
        Check.run(program::build, Options.DEFAULT.withMaxStates(MAX_STATES).withGraphStates(0));
    Stream.concat(result.outcomes().values().stream(), result.violations().stream())
        .forEach(
            finding ->
                assertFalse(
                    finding.counterexample().trace().events().isEmpty(), program::toString));
  }

  /// How often it is noticed that something is not declared.
  private static int noticed(long seed) {
    int noticed = 0;
    var full = check(program(seed)::build, Reductions.NONE);
    for (int left = 1; left <= AlikeProgram.DECLARATIONS && full.isComplete(); left++) {
      var program = program(seed).without(left);
      try {
        var result = check(program::build, Reductions.ALL);
        assertEquals(Verdict.of(full), Verdict.of(result), program::toString);
      } catch (ProgramBug bug) {
        assertTrue(bug.getMessage().contains("what is declared to be alike is not"));
        noticed++;
      }
    }
    return noticed;
  }

  private static CheckResult check(Supplier<Program> programs, Reductions reductions) {
    return Check.run(
        programs, Options.DEFAULT.withReductions(reductions).withMaxStates(MAX_STATES));
  }

  @Test
  void tasksThatAreAlikeAreCountedOnce() {
    Supplier<Program> increments = () -> twoSteps(4);

    assertEquals(81, check(increments, Reductions.NONE).effort().states());
    assertEquals(15, check(increments, SYMMETRY).effort().states());
  }

  /// Tasks that each take two steps, of which others see nothing: 3^n states, of which as many
  /// differ as there are ways to say how many tasks are where.
  private static Program twoSteps(int tasks) {
    var program = new Program();
    var all = new ArrayList<Task>();
    var own = program.words("own", tasks, 0);
    for (int i = 0; i < tasks; i++) {
      var word = own.at(i);
      all.add(
          program.task(
              "T" + i,
              Task.Kind.NORMAL,
              () -> {
                word.write(1);
                word.write(0);
              }));
    }
    program.alike("task", tasks).tasks(all).words(own);
    return program;
  }
}
