package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import shootdown.check.generated.Family;

/// Searches with a mistake: some small program shows each of them.
class PlantedFaultsTest {
  private static final int SLICE = 37;
  private static final int MOST = 100;

  @ParameterizedTest
  @EnumSource
  void someProgramShowsIt(Fault fault) {
    var trial = FaultyClasses.trial(fault);
    var number = new AtomicLong();
    var programs = Stream.concat(Family.counting(), Family.threeThatCount());
    boolean shown =
        programs
            .filter(_ -> number.getAndIncrement() % SLICE == 0)
            .limit(MOST)
            .anyMatch(program -> !trial.apply(program).isEmpty());

    assertTrue(shown);
  }
}
