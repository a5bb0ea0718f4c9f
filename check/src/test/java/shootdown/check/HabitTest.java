package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shootdown.check.generated.GeneratedProgram;
import shootdown.check.generated.Generator;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// What chooses by habit does not change its mind for ever.
class HabitTest {
  private static final int SMALL = 300;
  private static final int MAX_STATES = 20_000;

  /// A task that goes round until `done` says so.
  private static Program loop(Done done) {
    var program = new Program();
    program.task(
        "A",
        Task.Kind.NORMAL,
        () ->
            program
                .steps()
                .retry("loop", () -> done.test(program) ? Turn.done(0) : Turn.again(true)));
    return program;
  }

  private interface Done {
    boolean test(Program program);
  }

  private static boolean hasLivelock(Done done) {
    var result = Check.run(() -> loop(done), Options.DEFAULT);
    assertTrue(result.isComplete());
    return isLivelock(result);
  }

  private static boolean isLivelock(CheckResult result) {
    return result.violations().stream()
        .anyMatch(f -> f.violation().orElseThrow().property().equals(Violation.LIVELOCK));
  }

  /// It ends where the first answer is not 0, or the second one is.
  private static boolean endsUnlessItChanges(IntSupplier first, IntSupplier second) {
    return first.getAsInt() != 0 || second.getAsInt() == 0;
  }

  @Test
  void whoChangesItsMindForEverIsNone() {
    assertEquals(
        false,
        hasLivelock(
            p ->
                endsUnlessItChanges(
                    () -> p.steps().chooseByHabit(3, 2), () -> p.steps().chooseByHabit(3, 2))));
  }

  @Test
  void whatIsNoHabitMayChangeForEver() {
    assertTrue(
        hasLivelock(
            p -> endsUnlessItChanges(() -> p.steps().choose(2), () -> p.steps().choose(2))));
  }

  @Test
  void twoQuestionsHaveAnswersOfTheirOwn() {
    assertTrue(
        hasLivelock(
            p ->
                endsUnlessItChanges(
                    () -> p.steps().chooseByHabit(0, 2), () -> p.steps().chooseByHabit(1, 2))));
  }

  @Test
  void alwaysTheSameMayGoOnForEver() {
    assertTrue(hasLivelock(p -> p.steps().chooseByHabit(0, 2) == 0));
    assertTrue(hasLivelock(p -> p.steps().chooseByHabit(0, 2) == 1));
  }

  @Test
  void otherAnswersThanZeroAreOne() {
    assertTrue(
        hasLivelock(
            p ->
                p.steps().chooseByHabit(0, 3) != 1 || p.steps().chooseByHabit(0, 3) != 2));
  }

  @Test
  void thereIsNoNegativeQuestion() {
    var steps = new Program().steps();
    assertThrows(IllegalArgumentException.class, () -> steps.chooseByHabit(-1, 2));
  }

  @Test
  void theSecondRunnerAgrees() {
    assertTrue(changed(LongStream.range(0, 300)) > 30);
  }

  @Test
  @Tag("slow")
  void theSecondRunnerAgreesOften() {
    assertTrue(changed(LongStream.range(300, 20_000)) > 100);
  }

  /// Compares programs of these seeds; tells in how many habits make a difference.
  private static long changed(LongStream seeds) {
    return seeds.filter(HabitTest::agrees).count();
  }

  /// Whether habits leave no livelock where choices have one.
  private static boolean agrees(long seed) {
    var program = Generator.asking(seed);
    var plain = search(program, Reductions.NONE, SMALL);
    if (!plain.isComplete()) {
      return false;
    }
    var second = SecondGraph.explore(program.build(), MAX_STATES);
    for (var reductions : List.of(Reductions.NONE, Reductions.ALL)) {
      var result = check(program, reductions);
      assertEquals(
          second.hasLivelock(), isLivelock(result), () -> seed + " " + reductions + " " + program);
      assertEquals(plain.outcomes().keySet(), result.outcomes().keySet(), () -> "seed " + seed);
    }
    var free = Generator.choosing(seed);
    return !second.hasLivelock() && isLivelock(check(free, Reductions.ALL));
  }

  private static CheckResult check(GeneratedProgram program, Reductions reductions) {
    var result = search(program, reductions, MAX_STATES);
    assertTrue(result.isComplete(), () -> result.incomplete().orElseThrow() + " " + program);
    return result;
  }

  private static CheckResult search(GeneratedProgram program, Reductions which, int most) {
    return Check.run(
        program::build, Options.DEFAULT.withReductions(which).withMaxStates(most));
  }
}
