package shootdown.check;

import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/// Says when a search has to give up, and reports its progress.
final class Patience {
  private static final int EVERY = 1 << 13;
  private static final long REPORT_NANOS = 250_000_000L;

  private final Options options;
  private final long start = System.nanoTime();
  private final long deadline;
  private long lastReport = start;
  private int calls;
  private boolean outOfTime;
  private DoubleSupplier share = () -> 0;

  Patience(Options options) {
    this.options = options;
    deadline = start + limitNanos(options);
  }

  private Patience(Options options, long deadline) {
    this.options = options;
    this.deadline = deadline;
  }

  /// For another pass of the same check: what time is left, but a quarter of the limit at least.
  Patience renewed(Options other) {
    long grace = System.nanoTime() + limitNanos(options) / 4;
    return new Patience(other, Math.max(deadline - grace, 0) + grace);
  }

  /// From now on, this says how much of the search is done, 0 to 1; asked a few times a second.
  void estimates(DoubleSupplier done) {
    share = done;
  }

  /// How much of the search is done, 0 to 1; 0 where nobody says.
  double done() {
    return share.getAsDouble();
  }

  /// Why to give up now, if so; to be asked after each step.
  Optional<String> exhausted(long states, int depth) {
    if (states > options.bounds().states()) {
      return tooMany(states);
    }
    if ((++calls & EVERY - 1) != 0) {
      return Optional.empty();
    }
    return now(states, depth);
  }

  /// Says so if there are more states than wanted.
  Optional<String> tooMany(long states) {
    return states > options.bounds().states()
        ? Optional.of("more than " + options.bounds().states() + " states")
        : Optional.empty();
  }

  /// As [#exhausted] for time and interrupts, at once.
  Optional<String> now(long states, int depth) {
    long now = System.nanoTime();
    if (now - lastReport > REPORT_NANOS) {
      lastReport = now;
      options.progress().at(states, states * 1e9 / (now - start), depth, done());
    }
    var reason =
        Thread.currentThread().isInterrupted()
            ? Optional.of("interrupted")
            : options
                .bounds()
                .time()
                .filter(_ -> now - deadline > 0)
                .map(limit -> "more than " + limit.toMillis() / 1000.0 + " s");
    outOfTime |= reason.isPresent();
    return reason;
  }

  /// Whether time was what ran out.
  boolean isOutOfTime() {
    return outOfTime;
  }

  /// Without a limit, more than a century.
  private static long limitNanos(Options options) {
    long nanos = options.bounds().time().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    return Math.min(nanos, Long.MAX_VALUE / 2);
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }
}
