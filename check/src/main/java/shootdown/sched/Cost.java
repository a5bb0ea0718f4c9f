package shootdown.sched;

import java.util.random.RandomGenerator;

/// How long something takes, in nanoseconds: a random number.
public sealed interface Cost {
  /// Half of the values lie below the median, nine of ten below `ninetieth`: a log-normal
  /// distribution, whose long tail is what most durations in a computer have.
  ///
  /// @param median more than 0
  /// @param ninetieth at least the median
  /// @param sleeps whether the task does not run meanwhile, so that nothing interrupts it
  record Typical(double median, double ninetieth, boolean sleeps) implements Cost {
    /// Of a standard normal distribution, nine of ten values lie below this.
    private static final double NINETIETH = 1.2815515655446004;

    public Typical {
      if (!(median > 0) || !(ninetieth >= median)) {
        throw new IllegalArgumentException("no duration: " + median + " .. " + ninetieth);
      }
    }

    @Override
    public double sample(RandomGenerator random) {
      return median * Math.exp(Math.log(ninetieth / median) / NINETIETH * random.nextGaussian());
    }
  }

  /// Anything from 0 to `most`, all alike.
  record UpTo(double most, boolean sleeps) implements Cost {
    @Override
    public double sample(RandomGenerator random) {
      return most * random.nextDouble();
    }
  }

  /// Nanoseconds.
  double sample(RandomGenerator random);

  /// Whether the task does not run meanwhile.
  boolean sleeps();
}
