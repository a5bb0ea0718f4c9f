package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IntervalTest {

  /// Wilson's interval of 10 in 100, as tables have it.
  @Test
  void someHits() {
    var interval = Interval.of(10, 100);
    assertEquals(0.1, interval.estimate());
    assertEquals(0.0552, interval.low(), 1e-4);
    assertEquals(0.1744, interval.high(), 1e-4);
  }

  /// The rule of three: 3 / n, a bit less for small n.
  @Test
  void noHits() {
    assertEquals(new Interval(0, 0, Interval.of(0, 100).high()), Interval.of(0, 100));
    assertEquals(0.0295, Interval.of(0, 100).high(), 1e-4);
    assertEquals(3e-6, Interval.of(0, 1_000_000).high(), 1e-8);
    assertEquals(0.05, Math.pow(1 - Interval.of(0, 100).high(), 100), 1e-9);
  }

  @Test
  void nothingButHits() {
    assertEquals(1 - Interval.of(0, 100).high(), Interval.of(100, 100).low(), 1e-12);
    assertEquals(1, Interval.of(100, 100).high());
  }

  @Test
  void nothingTriedTellsNothing() {
    assertEquals(new Interval(0.5, 0, 1), Interval.of(0, 0));
    assertThrows(IllegalArgumentException.class, () -> Interval.of(2, 1));
  }

  @Test
  void widthIsRelativeToTheEstimate() {
    assertFalse(Interval.of(10, 100).isWithin(0.1));
    assertTrue(Interval.of(1_000, 10_000).isWithin(0.1));
    assertFalse(Interval.of(0, 1_000_000).isWithin(0.1));
  }

  /// It holds the probability about as often as it says, for small ones too.
  @Test
  void itHoldsTheProbability() {
    var random = new SplittableRandom(1);
    for (double p : new double[] {0.01, 0.1, 0.5}) {
      int held = 0;
      for (int i = 0; i < 1_000; i++) {
        int hits = 0;
        for (int n = 0; n < 500; n++) {
          hits += random.nextDouble() < p ? 1 : 0;
        }
        var interval = Interval.of(hits, 500);
        held += interval.low() <= p && p <= interval.high() ? 1 : 0;
      }
      assertTrue(held >= 920, held + " of 1000 for " + p);
    }
  }
}
