package shootdown.check;

/// A probability that was estimated, and the interval that holds it with a confidence of 95 %.
///
/// @param estimate most likely
/// @param low lower end
/// @param high upper end
public record Interval(double estimate, double low, double high) {
  /// Of a standard normal distribution, 95 % lie within this many standard deviations.
  static final double Z = 1.959963984540054;

  private static final double OUTSIDE = 0.05;

  /// Of so many hits in so many rounds: Wilson's score interval, which is right for small numbers
  /// and for probabilities near 0 or 1. Without a hit, or with nothing else, it has one end, which
  /// is exact: the probability at which that happens in 5 % of all cases (Clopper and Pearson; for
  /// many rounds, 3 by their number).
  public static Interval of(long hits, long rounds) {
    if (hits < 0 || rounds < hits) {
      throw new IllegalArgumentException(hits + " of " + rounds);
    }
    if (rounds == 0) {
      return new Interval(0.5, 0, 1);
    }
    double p = (double) hits / rounds;
    double oneEnd = -Math.expm1(Math.log(OUTSIDE) / rounds);
    if (hits == 0) {
      return new Interval(0, 0, oneEnd);
    }
    if (hits == rounds) {
      return new Interval(1, 1 - oneEnd, 1);
    }
    double square = Z * Z / rounds;
    double middle = (p + square / 2) / (1 + square);
    double half = Z * Math.sqrt((p * (1 - p) + square / 4) / rounds) / (1 + square);
    return new Interval(p, middle - half, middle + half);
  }

  /// Whether the interval is no wider than `share` of the estimate, to either side.
  public boolean isWithin(double share) {
    return estimate > 0 && high - low <= 2 * share * estimate;
  }
}
