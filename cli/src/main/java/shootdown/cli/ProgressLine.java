package shootdown.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import shootdown.model.Progress;

/// One line on a terminal that says what runs; it is gone before anything else is printed. A run
/// that takes less than a second is not worth it.
final class ProgressLine implements Progress {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int WIDTH = 79;
  private static final String ERASE = "\r\u001B[K";

  private final PrintWriter err;
  private final LongSupplier nanoClock;
  private final Map<Job, Long> began = new ConcurrentHashMap<>();
  private int done;
  private int all;
  private boolean shown;

  /// @param nanoClock as [System#nanoTime]
  ProgressLine(PrintWriter err, LongSupplier nanoClock) {
    this.err = err;
    this.nanoClock = nanoClock;
  }

  /// So many runs are planned.
  synchronized void planned(int runs) {
    all = runs;
  }

  /// Called on the thread that runs the job.
  @Override
  public void at(long states, double statesPerSecond, int depth) {
    if (Jobs.CURRENT.isBound()) {
      show(Jobs.CURRENT.get(), states, statesPerSecond);
    }
  }

  private synchronized void show(Job job, long states, double statesPerSecond) {
    long now = nanoClock.getAsLong();
    if (now - began.computeIfAbsent(job, _ -> now) < PATIENCE.toNanos()) {
      return;
    }
    String text =
        String.format(
            Locale.ROOT,
            "[%d of %d done] %s: %,d states, %,.0f a second",
            done, all, job, states, statesPerSecond);
    err.print(ERASE + text.substring(0, Math.min(WIDTH, text.length())));
    err.flush();
    shown = true;
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
    return new Job(job.file(), job.test(), job.kernel(), job.machine(), check);
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
