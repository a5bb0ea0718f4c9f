package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Threads that add the same fingerprints at the same time, into tables that grow meanwhile.
class SharedVisitedSetTest {
  private static final int THREADS = 4;

  @Test
  void eachIsNewToOneThreadAlone() throws InterruptedException {
    // Few of the tables are used, so that they grow many times.
    var random = new SplittableRandom(7);
    long[] fingerprints =
        random.longs(150_000).map(f -> f >>> 8 | (f & 1) << 63).distinct().toArray();
    var set = new SharedVisitedSet();
    var firsts = new AtomicIntegerArray(fingerprints.length);
    var failure = new AtomicReference<Throwable>();
    var threads = new Thread[THREADS];
    Arrays.setAll(
        threads, t -> new Thread(() -> addAll(fingerprints, t * 100, set, firsts), "adds " + t));
    for (var thread : threads) {
      thread.setUncaughtExceptionHandler((_, thrown) -> failure.set(thrown));
      thread.start();
    }
    for (var thread : threads) {
      thread.join();
    }

    assertEquals(null, failure.get());
    for (int i = 0; i < fingerprints.length; i++) {
      assertEquals(1, firsts.get(i), "times new: " + i);
      assertFalse(set.add(fingerprints[i]));
    }
    assertEquals(fingerprints.length, set.size());
  }

  private static void addAll(
      long[] fingerprints, int from, SharedVisitedSet set, AtomicIntegerArray firsts) {
    for (int n = 0; n < fingerprints.length; n++) {
      int i = (from + n) % fingerprints.length;
      if (set.add(fingerprints[i])) {
        firsts.incrementAndGet(i);
      }
    }
  }

  /// Fingerprints that mean something to the tables themselves.
  @Test
  void anyNumberIsAFingerprint() {
    var set = new SharedVisitedSet();
    for (long fingerprint : new long[] {0, -1, 2, Long.MIN_VALUE}) {
      set.add(fingerprint);
      assertFalse(set.add(fingerprint));
    }
    assertEquals(3, set.size(), "0 and -1 are taken for one");
  }
}
