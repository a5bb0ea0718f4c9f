package shootdown.examples.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import shootdown.check.Check;
import shootdown.check.Options;
import shootdown.check.Reductions;
import shootdown.check.TraceText;
import shootdown.examples.lock.Peterson.Mistake;
import shootdown.junit.Expectation;

class PetersonTest {
  @Test
  void letsOneTaskInAtATime() {
    Expectation.NOTHING_WRONG.verify(() -> Peterson.program(3, Mistake.NONE));
  }

  @Test
  void withoutTheTurnBothMayWaitForEver() {
    var result =
        Expectation.violating("livelock").verify(() -> Peterson.program(1, Mistake.NO_TURN));

    var shown = result.violations().getFirst().counterexample();
    assertEquals(2, shown.schedule().decisions().size(), () -> TraceText.of(shown));
    assertEquals(2, shown.cycle().decisions().size(), () -> TraceText.of(shown));
  }

  @Test
  void withTheTurnFirstBothMayGoIn() {
    var result =
        Expectation.violating("mutual exclusion")
            .verify(() -> Peterson.program(1, Mistake.TURN_BEFORE_WANT));

    var shown = result.violations().getFirst().counterexample();
    assertEquals(2, shown.schedule().switches(), () -> TraceText.of(shown));
    var again =
        Check.replay(() -> Peterson.program(1, Mistake.TURN_BEFORE_WANT), shown.schedule());
    assertEquals(TraceText.of(shown.trace()), TraceText.of(again));
  }

  @Test
  void isProvedWithAndWithoutReductions() {
    var plain = Options.DEFAULT.withReductions(Reductions.NONE);
    Expectation.NOTHING_WRONG
        .withOptions(plain)
        .verify(() -> Peterson.program(3, Mistake.NONE));
  }
}
