package shootdown.check;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Runs the checker on a thread of its own, and leaves that thread alone where the program's code
/// does not come back from it: a task that goes round in Java without an operation, or waits for
/// something that is no operation.
///
/// Looks are counted and no time on the clock is measured, so that a machine that stood still
/// meanwhile, or a debugger that stopped all threads, is no reason to give up. Nor is a machine
/// that others use: a look counts where the code had a part of the CPU since the last one, or waits
/// for something.
///
/// @param looks give up after so many at which nothing had changed
/// @param millis between two looks
record Guard(int looks, long millis) {
  static final Guard DEFAULT = new Guard(20, 500);

  /// So many looks are enough where somebody wants the checker to end.
  private static final int WHEN_INTERRUPTED = 3;

  /// The part of the time between two looks that must have been spent in the code.
  private static final int CPU_PART = 10;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /// Who calls the program's code.
  private static final Set<String> RUNNERS =
      Stream.of(Learner.class, SecondLook.class, ThreadedRun.class, Pulse.class)
          .map(Class::getName)
          .collect(Collectors.toSet());

  /// Runs `code` to its end; what it throws is thrown, and an interrupt is passed on to it. Where a
  /// guard watches already, it goes on to do so.
  ///
  /// @throws ProgramBug if the program's code does not come back
  <T> T run(Supplier<T> code) {
    return Pulse.isWatched() ? code.get() : on(Thread.ofPlatform().daemon().name("search"), code);
  }

  /// The same for code that hands batons to virtual threads, on one itself: a hand-over is cheap
  /// then.
  <T> T runVirtual(Supplier<T> code) {
    return on(Thread.ofVirtual(), code);
  }

  private <T> T on(Thread.Builder threads, Supplier<T> code) {
    var value = new AtomicReference<T>();
    var thrown = new AtomicReference<Throwable>();
    var pulse = new Pulse();
    Runnable whole =
        () -> {
          try {
            value.set(code.get());
          } catch (Throwable t) {
            thrown.set(t);
          }
        };
    var thread = threads.unstarted(pulse.carriedBy(whole));
    thread.start();
    await(thread, pulse);
    return switch (thrown.get()) {
      case null -> value.get();
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new CompletionException(t);
    };
  }

  /// Waits for the thread, as long as something happens.
  private void await(Thread thread, Pulse pulse) {
    boolean interrupted = false;
    long known = pulse.count();
    long spent = 0;
    int same = 0;
    try {
      while (!hasEnded(thread)) {
        if (Thread.interrupted()) {
          interrupted = true;
          same = 0;
          thread.interrupt();
        }
        var inside = pulse.inside();
        long now = pulse.count();
        if (inside.isEmpty() || now != known) {
          same = 0;
          known = now;
          spent = inside.map(i -> cpuNanos(i.thread())).orElse(0L);
        } else if (hadItsTurn(inside.get().thread(), spent)) {
          same++;
          spent = cpuNanos(inside.get().thread());
        }
        if (same >= (interrupted ? Math.min(WHEN_INTERRUPTED, looks) : looks)) {
          pulse.giveUp();
          throw givenUp(thread, inside.orElseThrow(), same * millis);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean hadItsTurn(Thread thread, long spent) {
    return thread.getState() != Thread.State.RUNNABLE
        || cpuNanos(thread) - spent >= millis * 1_000_000 / CPU_PART;
  }

  /// CPU time of the thread; of a virtual one that of the whole process, as it has none.
  private static long cpuNanos(Thread thread) {
    return thread.isVirtual()
        ? ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos()
        : THREADS.getThreadCpuTime(thread.threadId());
  }

  /// Whether it has, after waiting for a while.
  private boolean hasEnded(Thread thread) {
    try {
      return thread.join(Duration.ofMillis(millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Both threads are asked to end; if they do not, that is how it is.
  private static ProgramBug givenUp(Thread thread, Pulse.Inside inside, long millis) {
    var at = new IllegalStateException("where " + inside.who() + " is");
    at.setStackTrace(inside.thread().getStackTrace());
    var bug =
        new ProgramBug(
            inside.who() + " does not come back: for " + millis / 1000.0
                + " s it has done nothing that the checker sees"
                + frames(at.getStackTrace()),
            Schedule.EMPTY,
            at);
    inside.thread().interrupt();
    thread.interrupt();
    return bug;
  }

  /// Those of the program, the innermost first.
  private static String frames(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .takeWhile(frame -> !RUNNERS.contains(frame.getClassName()))
        .map(frame -> "\n  at " + frame)
        .collect(Collectors.joining());
  }
}
