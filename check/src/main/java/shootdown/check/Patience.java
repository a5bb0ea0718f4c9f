package shootdown.check;

import java.util.Optional;
import java.util.function.DoubleSupplier;

/// Says when a search has to give up, and reports its progress.
final class Patience {
  private static final int EVERY = 1 << 13;
  private static final long REPORT_NANOS = 250_000_000L;

  private final Options options;
  private final long start = System.nanoTime();
  private long lastReport = start;
  private int calls;
  private boolean outOfTime;
  private DoubleSupplier share = () -> 0;

  Patience(Options options) {
    this.options = options;
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
      return Optional.of("more than " + options.bounds().states() + " states");
    }
    if ((++calls & EVERY - 1) != 0) {
      return Optional.empty();
    }
    return slowly(states, depth);
  }

  private Optional<String> slowly(long states, int depth) {
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
                .filter(limit -> now - start > limit.toNanos())
                .map(limit -> "more than " + limit.toMillis() / 1000.0 + " s");
    outOfTime |= reason.isPresent();
    return reason;
  }

  /// Whether time was what ran out.
  boolean isOutOfTime() {
    return outOfTime;
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }
}
