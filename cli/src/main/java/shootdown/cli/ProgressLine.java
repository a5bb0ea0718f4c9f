package shootdown.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import shootdown.model.Progress;

/// Says what runs and how far it is. On a terminal that is one line, which is gone before anything
/// else is printed; a run that takes less than a second is not worth it. Elsewhere it is a line a
/// minute.
final class ProgressLine implements Progress {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /// An estimate below this is none.
  private static final double LEAST_DONE = 0.001;

  private static final int WIDTH = 79;
  private static final String ERASE = "\r\u001B[K";

  private final PrintWriter err;
  private final LongSupplier nanoClock;
  private final Place place;
  private final Map<Job, Long> began = new ConcurrentHashMap<>();
  private final Map<Job, Long> told = new ConcurrentHashMap<>();
  private int done;
  private int all;
  private boolean shown;

  /// What standard error is.
  enum Place {
    TERMINAL,
    ELSEWHERE
  }

  /// @param nanoClock as [System#nanoTime]
  ProgressLine(Place place, PrintWriter err, LongSupplier nanoClock) {
    this.place = place;
    this.err = err;
    this.nanoClock = nanoClock;
  }

  /// So many runs are planned.
  synchronized void planned(int runs) {
    all = runs;
  }

  /// Called on the thread that runs the job.
  @Override
  public void at(long states, double statesPerSecond, int depth, double share) {
    if (!Jobs.CURRENT.isBound()) {
      return;
    }
    Job job = Jobs.CURRENT.get();
    long now = nanoClock.getAsLong();
    long nanos = now - began.computeIfAbsent(job, _ -> now);
    String text =
        String.format(
            Locale.ROOT,
            "%s: %s%,d states, %,.0f a second, depth %,d",
            job, left(share, nanos), states, statesPerSecond, depth);
    switch (place) {
      case TERMINAL -> show(text, nanos);
      case ELSEWHERE -> tell(job, text, now);
    }
  }

  /// `about 40 %, 3 min left; `, first since a line may be cut; nothing where nothing is known.
  private static String left(double share, long nanos) {
    if (share < LEAST_DONE) {
      return "";
    }
    double seconds = nanos / 1e9 * (1 - share) / share;
    String time =
        seconds < 100
            ? String.format(Locale.ROOT, "%.0f s", seconds)
            : seconds < 6000
                ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                : String.format(Locale.ROOT, "%.0f h", seconds / 3600);
    return String.format(Locale.ROOT, "about %.0f %%, %s left; ", 100 * share, time);
  }

  private synchronized void show(String text, long nanos) {
    if (nanos < PATIENCE.toNanos()) {
      return;
    }
    String line = "[" + done + " of " + all + " done] " + text;
    err.print(ERASE + line.substring(0, Math.min(WIDTH, line.length())));
    err.flush();
    shown = true;
  }

  private synchronized void tell(Job job, String text, long now) {
    long last = told.computeIfAbsent(job, _ -> began.get(job));
    if (now - last >= MINUTE.toNanos()) {
      told.put(job, now);
      err.println("shootdown: " + text);
      err.flush();
    }
  }

  /// The same job, which says when it is done.
  Job counting(Job job) {
    Job.Check check =
        () -> {
          try {
            return job.check().run();
          } finally {
            oneMoreDone();
          }
        };
    return job.checked(check);
  }

  private synchronized void oneMoreDone() {
    done++;
    clear();
  }

  /// Takes the line away.
  synchronized void clear() {
    if (shown) {
      err.print(ERASE);
      err.flush();
      shown = false;
    }
  }
}
