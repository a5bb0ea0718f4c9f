package shootdown.examples.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shootdown.check.TraceText;
import shootdown.examples.queue.BoundedQueue.Mistake;
import shootdown.junit.Expectation;

class BoundedQueueTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void deliversAllInOrder(int capacity) {
    Expectation.NOTHING_WRONG.verify(() -> BoundedQueue.program(capacity, 5, Mistake.NONE));
  }

  @Test
  void aSlotThatIsGivenAwayTooEarlyHoldsAnOldValue() {
    var result =
        Expectation.violating("first in, first out")
            .verify(() -> BoundedQueue.program(2, 2, Mistake.PUBLISHES_FIRST));

    var shown = result.violations().getFirst().counterexample();
    assertEquals(1, shown.schedule().switches(), () -> TraceText.of(shown));
  }

  @Test
  void whoLooksOnceMaySleepThroughTheLastValue() {
    Expectation.violating("lost wakeup")
        .verify(() -> BoundedQueue.program(2, 2, Mistake.LOOKS_ONCE));
  }

  @Test
  void andMayLeaveTheProducerWaitingForRoom() {
    Expectation.violating("lost wakeup", "deadlock")
        .verify(() -> BoundedQueue.program(1, 2, Mistake.LOOKS_ONCE));
  }
}
