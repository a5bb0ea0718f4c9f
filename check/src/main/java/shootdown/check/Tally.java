package shootdown.check;

/// What was counted over many [Round]s.
public final class Tally {
  private long rounds;
  private long hits;
  private long passed;
  private long cutShort;
  private double nanos;
  private double ran;
  private double weighed;
  private double squares;

  void add(Round round, boolean hit) {
    rounds++;
    passed += round.passed() ? 1 : 0;
    cutShort += round.cutShort() ? 1 : 0;
    nanos += round.nanos();
    ran += round.ran();
    if (hit) {
      hits++;
      weighed += round.weight();
      squares += round.weight() * round.weight();
    }
  }

  public long rounds() {
    return rounds;
  }

  public long hits() {
    return hits;
  }

  /// Rounds that came by a [Window].
  public long passed() {
    return passed;
  }

  /// Rounds that were given up.
  public long cutShort() {
    return cutShort;
  }

  /// How long a round takes in simulated time, on average.
  public double meanNanos() {
    return rounds == 0 ? 0 : nanos / rounds;
  }

  /// How long the tasks of a round run, all together, on average.
  public double meanRan() {
    return rounds == 0 ? 0 : ran / rounds;
  }

  /// The probability of a hit, where all rounds weigh alike.
  public Interval interval() {
    return Interval.of(hits, rounds);
  }

  /// The probability of a hit where rounds have weights: their mean, and a normal approximation,
  /// which takes a few dozen hits to be good for something.
  public Interval weighed() {
    double mean = weighed / rounds;
    double variance = Math.max(0, squares / rounds - mean * mean);
    double error = Interval.Z * Math.sqrt(variance / rounds);
    return new Interval(mean, Math.max(0, mean - error), Math.min(1, mean + error));
  }
}
