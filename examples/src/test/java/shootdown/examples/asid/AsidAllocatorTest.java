package shootdown.examples.asid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import shootdown.check.CheckResult;
import shootdown.check.Options;
import shootdown.check.Reduction;
import shootdown.check.Reductions;
import shootdown.check.TraceText;
import shootdown.examples.asid.Setup.Sharing;
import shootdown.examples.asid.Setup.Tasks;
import shootdown.junit.Expectation;
import shootdown.sched.Program;

class AsidAllocatorTest {
  private static final Options STATES = Options.DEFAULT.withGraphStates(0);
  private static final Options PLAIN = STATES.withReductions(Reductions.NONE);
  private static final Options UP_TO_NAMES =
      STATES.withReductions(Reductions.of(Reduction.SYMMETRY));

  /// One CPU, which rolls over: three tasks want two ASIDs.
  private static final Setup ONE_CPU =
      new Setup(1, new Tasks(3, 3, 3), 3, 3, Sharing.PRIVATE);

  /// TLC says one transition more: it counts the first state as one.
  @ParameterizedTest
  @EnumSource
  void statesAndTransitionsAreThoseOfTheSpecification(Sharing sharing) {
    var result = check(Setup.ofTasks(2).withSharing(sharing), Detail.TWIN, PLAIN);

    assertEquals(197_000, result.effort().states());
    assertEquals(652_476, result.effort().transitions());
  }

  @Test
  void statesAreThoseOfTheSpecificationWhereAsidsRunOut() {
    assertEquals(374_780, check(ONE_CPU, Detail.TWIN, PLAIN).effort().states());
  }

  /// TLC, run with its symmetry option: 1,911,620 distinct states for three tasks.
  @Test
  @Tag("slow")
  void statesUpToNamesAreThoseOfTheSpecification() {
    var result = check(Setup.ofTasks(3), Detail.TWIN, UP_TO_NAMES);

    assertEquals(1_911_620, result.effort().states());
    assertEquals(6_533_342, result.effort().transitions());
  }

  @Test
  void statesAreFewerUpToNames() {
    assertEquals(
        49_296, check(Setup.ofTasks(2), Detail.TWIN, UP_TO_NAMES).effort().states());
    assertEquals(62_558, check(ONE_CPU, Detail.TWIN, UP_TO_NAMES).effort().states());
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsWrongHoweverFineTheSteps(Detail detail) {
    check(Setup.ofTasks(2), detail, STATES);
    check(ONE_CPU, detail, STATES);
    check(ONE_CPU.withSharing(Sharing.COMMON), detail, STATES);
  }

  @Test
  void reductionsLeaveMostStatesOut() {
    long plain = check(ONE_CPU, Detail.LABELS, PLAIN).effort().states();
    long reduced = check(ONE_CPU, Detail.LABELS, STATES).effort().states();

    assertTrue(reduced < plain / 2, () -> reduced + " of " + plain);
  }

  @ParameterizedTest
  @EnumSource
  void whoDoesNotFlushMixesTasksUp(Detail detail) {
    violates("UniqueASIDPerCPU", new Tasks(3, 2, 0), 2, detail);
  }

  /// It takes six generations until a task gets back a number that it had.
  @Test
  void whoDoesNotFlushSeesAnOldPage() {
    violates("TLBEmptyInvalPTE", new Tasks(3, 1, 1), 6, Detail.LABELS);
  }

  /// CPU 0 begins to switch to task 1 while CPU 1 uses up two generations.
  @ParameterizedTest
  @EnumSource(names = {"XCHG", "FORGETS_RESERVED"})
  void twoRollOversShowWhatWasNotReserved(Mistake mistake) {
    var result =
        Expectation.violating("UniqueASIDPerCPU")
            .verify(() -> twoRollOvers(mistake, Sharing.PRIVATE));

    var shown = result.violations().getFirst().counterexample();
    assertTrue(shown.minimal());
    assertTrue(shown.schedule().switches() <= 4, () -> TraceText.of(shown));
  }

  @Test
  void sharedTlbsMustBeFlushedEverywhere() {
    Expectation.violating("UniqueASIDAllCPUs")
        .verify(() -> twoRollOvers(Mistake.LOCAL_FLUSH, Sharing.COMMON));
  }

  @ParameterizedTest
  @EnumSource
  void twoRollOversAreNoTroubleOtherwise(Sharing sharing) {
    Expectation.NOTHING_WRONG.verify(() -> twoRollOvers(Mistake.NONE, sharing));
  }

  private static Program twoRollOvers(Mistake mistake, Sharing sharing) {
    var setup = Setup.ofTasks(4).withSharing(sharing);
    return AsidAllocator.scenario(
        setup, mistake, List.of(List.of(0, 1), List.of(1, 2, 3, 1)));
  }

  @Test
  @Tag("slow")
  void threeTasksAreProved() {
    check(Setup.ofTasks(3), Detail.LABELS, STATES);
    check(Setup.ofTasks(3), Detail.ACCESSES, STATES);
  }

  private static void violates(String property, Tasks tasks, int generations, Detail detail) {
    var setup = new Setup(1, tasks, 3, generations, Sharing.PRIVATE);
    Expectation.violating(property)
        .withOptions(STATES)
        .verify(() -> AsidAllocator.program(setup, detail, Mistake.NO_FLUSH));
  }

  private static CheckResult check(Setup setup, Detail detail, Options options) {
    return Expectation.NOTHING_WRONG
        .withOptions(options)
        .verify(() -> AsidAllocator.program(setup, detail, Mistake.NONE));
  }
}
