package shootdown.check;

/// 64-bit fingerprints of states: the exclusive or of one hash for each word and its value, and one
/// for each task and where it stands. So a step changes a fingerprint by what it changes.
///
/// A fingerprint is relative to the first state's memory: words that hold what they held at first
/// contribute nothing.
final class Fingerprints {
  private static final long WORD = 0x9E3779B97F4A7C15L;
  private static final long TASK = 0xD6E8FEB86659FD93L;

  private final long seed;

  Fingerprints(long seed) {
    this.seed = mix(seed + WORD);
  }

  long word(int index, long value) {
    return mix((value + seed) * WORD ^ (index + 1L) * TASK);
  }

  long task(int task, int vertex) {
    return mix(seed ^ ((long) (task + 1) << 32 | vertex) * WORD);
  }

  /// The probability that two of `states` states had the same fingerprint and one of them was
  /// therefore left out, for random fingerprints.
  static double collisionProbability(long states) {
    return Math.min(1, 0.5 * states * (states - 1.0) / 0x1p64);
  }

  static long mix(long x) {
    long z = (x ^ (x >>> 32)) * 0xBEA225F9EB34556DL;
    z = (z ^ (z >>> 29)) * 0xBEA225F9EB34556DL;
    return z ^ (z >>> 32);
  }
}
