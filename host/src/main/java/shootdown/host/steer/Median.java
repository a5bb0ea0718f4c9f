package shootdown.host.steer;

import java.util.Arrays;

/// The median of the last numbers of a series: a few that are far off make no difference.
final class Median {
  private static final int KEPT = 31;

  private final long[] last = new long[KEPT];
  private int count;

  void add(long number) {
    last[count++ % KEPT] = number;
  }

  boolean isKnown() {
    return count > 0;
  }

  /// 0 where nothing is known.
  long value() {
    if (!isKnown()) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(last, Math.min(count, KEPT));
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
