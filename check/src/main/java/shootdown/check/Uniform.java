package shootdown.check;

import java.util.random.RandomGenerator;

/// Any task, all alike.
final class Uniform implements Picker {
  private final RandomGenerator random;

  Uniform(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public void begin() {
    // every step is for itself
  }

  @Override
  public int task(long enabled) {
    long left = enabled;
    for (int skip = random.nextInt(Long.bitCount(enabled)); skip > 0; skip--) {
      left &= left - 1;
    }
    return Long.numberOfTrailingZeros(left);
  }

  @Override
  public void back(int task) {
    // chance will lead elsewhere
  }

  @Override
  public void ended(int steps) {
    // runs have nothing to do with each other
  }
}
