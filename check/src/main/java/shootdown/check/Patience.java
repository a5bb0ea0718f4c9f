package shootdown.check;

import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/// Says when a search has to give up and when it should be saved, and reports its progress.
///
/// Of a limit on time, the last eighth is left for what comes after the search: livelocks, and
/// short runs that show what was found.
final class Patience {
  /// Steps between looks at the clock: a few microseconds, or a few milliseconds where each step
  /// has to be learned.
  private static final int EVERY = 1 << 8;

  private static final int PARTS = 8;

  /// A search that ends before so small a part of the time until the first save has gone is never
  /// saved.
  private static final int LITTLE = 10;

  private final Options options;
  private final long start = System.nanoTime();
  private final long end;
  private final long deadline;
  private final long saveNanos;
  private final long reportNanos;
  private long lastReport = start;
  private long lastSave = start;
  private long statesBefore;
  private int calls;
  private boolean outOfTime;
  private DoubleSupplier share = () -> 0;
  private Runnable save = () -> {};

  Patience(Options options) {
    this.options = options;
    end = start + limitNanos(options);
    deadline = end - limitNanos(options) / PARTS;
    saveNanos = saveNanos(options);
    reportNanos = saturated(options.progress().every());
  }

  private Patience(Options options, long deadline) {
    this.options = options;
    this.deadline = deadline;
    end = deadline;
    saveNanos = Long.MAX_VALUE;
    reportNanos = saturated(options.progress().every());
  }

  /// For another pass of the same check: all the time that is left, but an eighth of the limit at
  /// least, since it may be asked for long after the search.
  Patience renewed(Options other) {
    long now = System.nanoTime();
    return new Patience(other, now + Math.max(end - now, limitNanos(options) / PARTS));
  }

  /// From now on, this says how much of the search is done, 0 to 1; asked a few times a second.
  void estimates(DoubleSupplier done) {
    share = done;
  }

  /// From now on, this saves the search; called as often as a checkpoint asks for.
  void saves(Runnable now) {
    save = now;
  }

  /// The search goes on where it had met so many states.
  void resumed(long states) {
    statesBefore = states;
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
        ? Optional.of(Options.Bounds.REACHED + options.bounds().states() + " states")
        : Optional.empty();
  }

  /// As [#exhausted] for time and interrupts, at once.
  Optional<String> now(long states, int depth) {
    long now = System.nanoTime();
    if (now - lastReport >= reportNanos) {
      lastReport = now;
      double rate = (states - statesBefore) * 1e9 / (now - start);
      options.progress().at(states, rate, depth, done());
    }
    if (now - lastSave > saveNanos) {
      save.run();
      lastSave = System.nanoTime();
    }
    var reason = over(now);
    outOfTime |= reason.isPresent();
    return reason;
  }

  /// To be called on each step of what comes after a search.
  ///
  /// @throws OutOfTime if time is over
  void mustGoOn() {
    if ((++calls & EVERY - 1) == 0) {
      over(System.nanoTime())
          .ifPresent(
              why -> {
                throw new OutOfTime(why);
              });
    }
  }

  private Optional<String> over(long now) {
    if (Thread.currentThread().isInterrupted()) {
      return Optional.of(Options.Bounds.INTERRUPTED);
    }
    return options
        .bounds()
        .time()
        .filter(_ -> now - deadline > 0)
        .map(limit -> Options.Bounds.REACHED + limit.toMillis() / 1000.0 + " s");
  }

  /// Whether time was what ran out.
  boolean isOutOfTime() {
    return outOfTime;
  }

  /// Whether the search is to be saved when it ends: if it was before, here or in another process,
  /// so that nothing of it is done twice, or if much would be lost.
  boolean isSavingWorthwhile() {
    return statesBefore > 0 || lastSave != start || nanos() > saveNanos / LITTLE;
  }

  private static long saveNanos(Options options) {
    return options.checkpoint().map(c -> saturated(c.every())).orElse(Long.MAX_VALUE);
  }

  /// Without a limit, more than a century.
  private static long limitNanos(Options options) {
    return options.bounds().time().map(Patience::saturated).orElse(Long.MAX_VALUE / 2);
  }

  private static long saturated(Duration time) {
    return time.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) < 0
        ? time.toNanos()
        : Long.MAX_VALUE / 2;
  }

  /// Time on the clock since the check began.
  long nanos() {
    return System.nanoTime() - start;
  }

  double seconds() {
    return nanos() / 1e9;
  }
}
