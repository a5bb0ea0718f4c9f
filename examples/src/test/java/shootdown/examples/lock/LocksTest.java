package shootdown.examples.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import shootdown.check.TraceText;
import shootdown.examples.lock.SpinLock.Taking;
import shootdown.examples.lock.TicketLock.Drawing;
import shootdown.junit.Expectation;

/// Locks that are taken by one atomic operation, and by two.
class LocksTest {
  @Test
  void aSpinLockExcludes() {
    Expectation.NOTHING_WRONG.verify(() -> SpinLock.program(4, Taking.TEST_AND_SET));
  }

  @Test
  void aSpinLockOfTwoOperationsDoesNot() {
    var result =
        Expectation.violating("mutual exclusion")
            .verify(() -> SpinLock.program(2, Taking.TEST_THEN_SET));

    var shown = result.violations().getFirst().counterexample();
    assertEquals(2, shown.schedule().switches(), () -> TraceText.of(shown));
    assertEquals(7, shown.schedule().decisions().size(), () -> TraceText.of(shown));
  }

  @Test
  void aTicketLockExcludesAndServesAll() {
    Expectation.NOTHING_WRONG.verify(() -> TicketLock.program(3, 2, Drawing.FETCH_AND_ADD));
  }

  @Test
  void aTicketThatTwoHoldLetsBothInOrNobodyLater() {
    Expectation.violating("mutual exclusion", "deadlock")
        .verify(() -> TicketLock.program(2, 2, Drawing.FETCH_THEN_ADD));
  }
}
