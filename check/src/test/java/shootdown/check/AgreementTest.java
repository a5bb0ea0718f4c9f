package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shootdown.check.generated.Family;
import shootdown.check.generated.GeneratedProgram;
import shootdown.check.generated.Generator;
import shootdown.sched.Violation;

/// On generated programs, searches with any reductions find the same outcomes and violations, and
/// the second runner counts the same states as the plain search.
class AgreementTest {
  private static final int MAX_STATES = 20_000;

  private static final List<Reductions> REDUCTIONS =
      List.of(
          Reductions.ALL,
          Reductions.of(Reduction.PRIVATE_WORDS),
          Reductions.of(Reduction.LOCKED_WORDS),
          Reductions.of(Reduction.LOCK_MOVERS),
          Reductions.of(Reduction.LOCAL_CHOICES),
          Reductions.ALL.without(Reduction.LOCK_MOVERS));

  /// What must not depend on how the search goes.
  private record Verdict(Set<String> outcomes, Set<Violation> violations, boolean livelock) {
    static Verdict of(CheckResult result) {
      var all = CheckTest.violations(result);
      return new Verdict(
          Set.copyOf(result.outcomes().keySet()),
          all.stream()
              .filter(v -> !v.property().equals(Violation.LIVELOCK))
              .collect(Collectors.toSet()),
          all.stream().anyMatch(v -> v.property().equals(Violation.LIVELOCK)));
    }
  }

  @Test
  void reducedSearchesAgree() {
    LongStream.range(0, 150).forEach(seed -> reducedAgrees(seed));
  }

  @Test
  void theSecondRunnerCountsTheSame() {
    LongStream.range(0, 60).forEach(seed -> secondRunnerAgrees(seed));
  }

  @Test
  void counterexamplesReplayAndAreAsShort() {
    LongStream.range(0, 60).forEach(seed -> counterexamplesAgree(seed));
  }

  @Test
  void allProgramsOfAFewStatementsAgree() {
    Family.shortPairs().forEach(program -> reducedAgrees(-1, program, List.of(Reductions.ALL)));
  }

  /// A search that lets T0 do nothing between the steps of T1.
  @Test
  void aSearchThatLeavesStepsOutIsNoticed() {
    var noticed = LongStream.range(0, 60).filter(AgreementTest::noticesAFault).count();

    assertTrue(noticed > 10, "only " + noticed + " of 60 programs show it");
  }

  @Test
  @Tag("slow")
  void allProgramsOfSomeStatementsAgree() {
    Family.pairs().forEach(program -> reducedAgrees(-1, program, List.of(Reductions.ALL)));
  }

  @Test
  @Tag("slow")
  void manyReducedSearchesAgree() {
    LongStream.range(0, 10_000).forEach(seed -> reducedAgrees(seed));
  }

  @Test
  @Tag("slow")
  void theSecondRunnerCountsTheSameOften() {
    LongStream.range(0, 2_000).forEach(seed -> secondRunnerAgrees(seed));
  }

  @Test
  @Tag("slow")
  void manyCounterexamplesReplayAndAreAsShort() {
    LongStream.range(0, 4_000).forEach(seed -> counterexamplesAgree(seed));
  }

  private static void reducedAgrees(long seed) {
    reducedAgrees(seed, Generator.program(seed), REDUCTIONS);
  }

  private static boolean noticesAFault(long seed) {
    var program = Generator.program(seed);
    var faulty =
        new DepthFirst.Observer() {
          private int[] first = new int[0];

          @Override
          public void begun() {
            first = new int[0];
          }

          @Override
          public boolean follows(int task, Stepper state) {
            first = first.length == 0 ? state.at.clone() : first;
            return task != 0 || state.at[1] == first[1] || !state.isEnabled(1);
          }
        };
    var options =
        Options.DEFAULT.withReductions(Reductions.NONE).withMaxStates(MAX_STATES);
    var verdict = Verdict.of(Check.run(program::build, options, faulty));
    var second = SecondSearch.explore(program::build, MAX_STATES);
    return !verdict.outcomes.equals(second.outcomes())
        || !verdict.violations.equals(second.violations());
  }

  private static void reducedAgrees(
      long seed, GeneratedProgram program, List<Reductions> all) {
    var plain = check(program, Reductions.NONE);
    for (var reductions : all) {
      var reduced = check(program, reductions);
      assertEquals(Verdict.of(plain), Verdict.of(reduced), () -> where(seed, program, reductions));
    }
  }

  private static void secondRunnerAgrees(long seed) {
    var program = Generator.program(seed);
    var plain = check(program, Reductions.NONE);
    if (plain.effort().states() > 500) {
      return;
    }
    var second = SecondSearch.explore(program::build, MAX_STATES);
    var verdict = Verdict.of(plain);
    assertTrue(second.complete());
    assertTrue(verdict.outcomes.containsAll(second.outcomes()), () -> where(seed, program));
    if (!program.daemon()) {
      assertEquals(verdict.outcomes, second.outcomes(), () -> where(seed, program));
    }
    assertEquals(verdict.violations, second.violations(), () -> where(seed, program));
    assertEquals(plain.effort().states(), second.states(), () -> where(seed, program));
    assertEquals(plain.effort().transitions(), second.transitions(), () -> where(seed, program));
  }

  private static void counterexamplesAgree(long seed) {
    var program = Generator.program(seed);
    var plain = switches(check(program, Reductions.NONE));
    var reduced = switches(check(program, Reductions.ALL));
    assertEquals(plain, reduced, () -> where(seed, program));
  }

  private static Map<String, Integer> switches(CheckResult result) {
    var switches = new TreeMap<String, Integer>();
    for (var finding : result.violations()) {
      var shown = finding.counterexample();
      if (shown.cycle().isEmpty()) {
        assertTrue(shown.minimal());
        switches.put(finding.toString(), shown.schedule().switches());
      }
    }
    new TreeSet<>(result.outcomes().keySet())
        .forEach(
            outcome ->
                switches.put(
                    outcome,
                    result.outcomes().get(outcome).counterexample().schedule().switches()));
    return switches;
  }

  private static CheckResult check(GeneratedProgram program, Reductions reductions) {
    var result =
        Check.run(
            program::build,
            Options.DEFAULT.withReductions(reductions).withMaxStates(MAX_STATES));
    assertTrue(result.isComplete(), () -> result.incomplete().orElseThrow() + " " + program);
    return result;
  }

  private static String where(long seed, Object... parts) {
    return "seed " + seed + ": " + List.of(parts);
  }
}
