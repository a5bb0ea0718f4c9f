package shootdown.check;

import java.util.BitSet;
import java.util.random.RandomGenerator;

/// The task of the highest priority: random ones, which a few random steps of a run take away
/// ([Search.Pct]).
///
/// A task that comes back to a state of its run waits for another, as a loop does that spins: it
/// falls behind all others.
final class Priorities implements Picker {
  /// How long a run is thought to be before there was one.
  private static final int FIRST_GUESS = 64;

  private final RandomGenerator random;
  private final int depth;
  private final long[] priority;
  private final BitSet changes = new BitSet();
  private int longest;
  private long lowest;
  private int steps;

  Priorities(RandomGenerator random, int tasks, int depth) {
    this.random = random;
    this.depth = depth;
    priority = new long[tasks];
  }

  @Override
  public void begin() {
    for (int t = 0; t < priority.length; t++) {
      int other = random.nextInt(t + 1);
      priority[t] = priority[other];
      priority[other] = t;
    }
    lowest = 0;
    steps = 0;
    changes.clear();
    int length = longest == 0 ? FIRST_GUESS : longest;
    for (int i = 1; i < depth; i++) {
      changes.set(1 + random.nextInt(length));
    }
  }

  @Override
  public int task(long enabled) {
    int best = best(enabled);
    if (changes.get(steps++)) {
      back(best);
      return best(enabled);
    }
    return best;
  }

  @Override
  public void back(int task) {
    priority[task] = --lowest;
  }

  @Override
  public void ended(int length) {
    longest = Math.max(longest, length);
  }

  private int best(long enabled) {
    int best = Long.numberOfTrailingZeros(enabled);
    for (int t = best + 1; t < priority.length; t++) {
      if ((enabled >>> t & 1) != 0 && priority[t] > priority[best]) {
        best = t;
      }
    }
    return best;
  }
}
