package shootdown.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import shootdown.model.TestResult;

/// Runs jobs on a few threads and hands on how they end in the order of the jobs, each as soon as
/// all before it have ended.
final class Jobs {
  /// The job that the calling thread runs.
  static final ScopedValue<Job> CURRENT = ScopedValue.newInstance();

  /// How a job ended.
  sealed interface End {
    Job job();

    /// With a result.
    record Done(Job job, TestResult result) implements End {}

    /// With a bug of our own.
    record Broken(Job job, Throwable bug) implements End {}
  }

  /// Is told how jobs end.
  @FunctionalInterface
  interface Listener {
    /// @return whether it wants to know more
    boolean ended(End end);
  }

  // A job that cannot be stopped must not keep the process from ending.
  private static final ThreadFactory DAEMONS =
      work -> Thread.ofPlatform().daemon().name("check").unstarted(work);

  private final ExecutorService threads;
  private final List<Future<End>> ends = new ArrayList<>();
  private int handedOn;
  private boolean handing;
  private boolean stopped;

  /// @param width how many run at a time, at least 1
  Jobs(List<Job> jobs, int width) {
    threads = Executors.newFixedThreadPool(width, DAEMONS);
    jobs.forEach(job -> ends.add(threads.submit(() -> run(job))));
  }

  /// Waits for all.
  ///
  /// @return whether the listener wanted to know all
  boolean awaitAll(Listener listener) {
    try {
      for (Future<End> end : ends) {
        var ended = end.get();
        begin();
        boolean goesOn = listener.ended(ended);
        done();
        if (!goesOn) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("nobody interrupts this thread, and a job lets nothing out", e);
    } finally {
      threads.shutdownNow();
    }
  }

  /// Waits for ever if nothing is to be handed on any more: the process ends.
  private synchronized void begin() throws InterruptedException {
    while (stopped) {
      wait();
    }
    handing = true;
    handedOn++;
  }

  private synchronized void done() {
    handing = false;
    notifyAll();
  }

  /// Interrupts those that have not ended; nobody hears of them any more.
  ///
  /// @return those that have ended but had to wait for an earlier one to be handed on, in order
  synchronized List<End> stop() throws InterruptedException {
    stopped = true;
    while (handing) {
      wait();
    }
    var waiting =
        ends.stream()
            .skip(handedOn)
            .filter(end -> end.state() == Future.State.SUCCESS)
            .map(Future::resultNow)
            .toList();
    threads.shutdownNow();
    return waiting;
  }

  private static End run(Job job) {
    try {
      return new End.Done(
          job, ScopedValue.where(CURRENT, job).call(() -> job.check().run()));
    } catch (OutOfMemoryError e) {
      return new End.Done(job, OutOfMemory.result(job));
    } catch (Throwable bug) {
      return new End.Broken(job, bug);
    }
  }
}
