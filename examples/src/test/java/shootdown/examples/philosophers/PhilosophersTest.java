package shootdown.examples.philosophers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shootdown.check.TraceText;
import shootdown.examples.philosophers.Philosophers.Manners;
import shootdown.junit.Expectation;

class PhilosophersTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void forksInACircleStarveAll(int seats) {
    var result =
        Expectation.violating("deadlock")
            .verify(() -> Philosophers.program(seats, 1, Manners.LEFT_FIRST));

    var shown = result.violations().getFirst().counterexample();
    assertEquals(seats, shown.schedule().decisions().size(), () -> TraceText.of(shown));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void forksInAnOrderFeedAll(int seats) {
    Expectation.NOTHING_WRONG.verify(() -> Philosophers.program(seats, 2, Manners.LOWER_FIRST));
  }
}
