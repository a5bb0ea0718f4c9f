package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import shootdown.check.examples.Remap;
import shootdown.sched.Program;

/// When a search gives up, what it says on the way, and what its tables hold.
class BoundsTest {
  private static final Supplier<Program> LARGE =
      () -> Remap.program(4, 3, Remap.Flush.BEFORE_UNLOCK_IF_DIRTY);

  @Test
  void timeRunsOut() {
    var result = Check.run(LARGE, Options.DEFAULT.withTimeLimit(Duration.ofMillis(200)));

    assertEquals("more than 0.2 s", result.incomplete().orElseThrow());
    assertTrue(result.effort().wallSeconds() < 30, "" + result.effort());
  }

  @Test
  void anInterruptEndsTheSearch() {
    Thread.currentThread().interrupt();
    try {
      var result = Check.run(LARGE, Options.DEFAULT);
      assertEquals("interrupted", result.incomplete().orElseThrow());
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt is left for the caller");
    }
  }

  @Test
  void progressIsReportedAFewTimesASecond() {
    var reports = new ArrayList<Long>();
    var options =
        Options.DEFAULT
            .withTimeLimit(Duration.ofMillis(1200))
            .withProgress((states, _, _, _) -> reports.add(states));
    Check.run(LARGE, options);

    assertFalse(reports.isEmpty());
    assertTrue(reports.size() <= 5, "" + reports);
    assertTrue(reports.getLast() > 0);
  }

  @Test
  void otherFingerprintsCountTheSame() {
    for (long seed = 0; seed < 3; seed++) {
      var options =
          Options.DEFAULT.withReductions(Reductions.NONE).withSeed(seed);
      var result =
          Check.run(
              () -> Remap.program(2, 1, Remap.Flush.BEFORE_UNLOCK_IF_DIRTY), options);

      assertEquals(10_219, result.effort().states());
      assertTrue(result.effort().collisionProbability() < 1e-10);
    }
  }

  @Test
  void theVisitedSetHoldsWhatWasAdded() {
    var random = new SplittableRandom(3);
    var expected = new HashSet<Long>();
    var visited = new VisitedSet();
    for (int i = 0; i < 100_000; i++) {
      long fingerprint = random.nextInt(4) == 0 ? random.nextInt(1000) : random.nextLong();
      long key = fingerprint == 0 ? 1 : fingerprint;
      assertEquals(expected.add(key), visited.add(fingerprint));
    }

    assertEquals(expected.size(), visited.size());
  }

  @Test
  void thePathSetHoldsThePath() {
    var random = new SplittableRandom(4);
    var path = new ArrayList<Long>();
    var set = new PathSet();
    for (int i = 0; i < 50_000; i++) {
      if (path.isEmpty() || random.nextInt(5) < 3) {
        path.add(random.nextLong());
        set.push(path.getLast());
      } else {
        long last = path.removeLast();
        set.pop();
        assertFalse(set.contains(last));
      }
      if (!path.isEmpty()) {
        assertTrue(set.contains(path.get(random.nextInt(path.size()))));
      }
    }
  }
}
