package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import shootdown.check.generated.Family;

/// Searches with a mistake: some small program shows each of them.
class PlantedFaultsTest {
  private static final int SLICE = 37;
  private static final int MOST = 100;

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"LOOPS_SLEEP", "CLOSING_EDGES_UNMARKED"})
  void someProgramShowsIt(Fault fault) {
    var trial = FaultyClasses.trial(fault, Trial.class);
    var number = new AtomicLong();
    var programs = Stream.concat(Family.counting(), Family.threeThatCount());
    boolean shown =
        programs
            .filter(_ -> number.getAndIncrement() % SLICE == 0)
            .limit(MOST)
            .anyMatch(program -> !trial.apply(program).isEmpty());

    assertTrue(shown);
  }

  /// Cycles are missed only if several workers come to the right places in the right order.
  @ParameterizedTest
  @EnumSource(names = {"LOOPS_SLEEP", "CLOSING_EDGES_UNMARKED"})
  void hiddenCyclesShowIt(Fault fault) {
    var trial = FaultyClasses.trial(fault, TurnsTrial.class);

    assertTrue(Family.hiddenCycles().anyMatch(program -> !trial.apply(program).isEmpty()));
  }

  @Test
  void hiddenCyclesAreFoundWithoutIt() {
    var trial = new TurnsTrial();

    assertEquals(List.of("", ""), Family.hiddenCycles().map(trial).toList());
  }
}
