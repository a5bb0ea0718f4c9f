package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shootdown.check.examples.Remap;
import shootdown.sched.Program;
import shootdown.sched.Turn;

/// Whether loops may be part of a cycle of states: at the first look, and once more has been found
/// out about them. That no cycle is missed is tested in [WorkersTest].
class RecurrenceTest {
  @Test
  void whoFindsWhatItWroteGoesRoundOnce() {
    expect(
        true,
        false,
        p -> {
          var flag = p.word("flag", 0);
          loop(
              p,
              "A",
              () -> {
                boolean set = flag.is(1);
                flag.write(1);
                return set;
              });
        });
  }

  @Test
  void whatAnotherLoopTakesBackIsNotConstant() {
    expect(
        true,
        true,
        p -> {
          var flag = p.word("flag", 0);
          loop(
              p,
              "sets",
              () -> {
                boolean set = flag.is(1);
                flag.write(1);
                return set;
              });
          loop(
              p,
              "clears",
              () -> {
                flag.write(0);
                return false;
              });
        });
  }

  /// A turn that waits for 1 of a word that is 0 contradicts only itself, and only if it is the
  /// only way round.
  @Test
  void whatIsNotOnAllCyclesTellsNothing() {
    expect(
        true,
        true,
        p -> {
          var way = p.word("way", 0);
          var flag = p.word("flag", 0);
          loop(p, "A", () -> way.is(0) ? flag.is(1) : flag.is(0));
          loop(
              p,
              "B",
              () -> {
                way.write(1);
                flag.write(1);
                return true;
              });
        });
  }

  /// An access of the reference problem faults again only as long as somebody else changes the
  /// entry, and nobody does so for ever.
  @Test
  void theReferenceProblemHasNoCycles() {
    expect(true, false, Remap.program(2, 2, Remap.Flush.BEFORE_UNLOCK_IF_DIRTY));
  }

  private static void loop(Program p, String name, BooleanSupplier isDone) {
    CheckTest.task(
        p,
        name,
        () ->
            p.steps()
                .retry(
                    "loop",
                    () -> isDone.getAsBoolean() ? Turn.done(true) : Turn.again(true)));
  }

  private static void expect(boolean first, boolean refined, Consumer<Program> layOut) {
    var program = new Program();
    layOut.accept(program);
    expect(first, refined, program);
  }

  private static void expect(boolean first, boolean refined, Program program) {
    var options = Options.DEFAULT.withReductions(Reductions.NONE);
    var learned = new Learned(program, options.reductions());
    var search = new DepthFirst(learned, new Findings(), options);
    search.search();
    var recurrence = new Recurrence(learned);
    assertEquals(first, isAny(recurrence, learned));
    assertEquals(refined, isAny(recurrence.refined(), learned));
  }

  private static boolean isAny(Recurrence recurrence, Learned learned) {
    return IntStream.range(0, learned.automaton.size()).anyMatch(recurrence::comesBack);
  }
}
