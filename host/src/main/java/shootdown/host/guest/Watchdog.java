package shootdown.host.guest;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Does something when a time is over, unless it was given more time or closed before.
final class Watchdog implements AutoCloseable {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Thread thread;
  private volatile long end;
  private volatile boolean closed;
  private volatile boolean bit;

  Watchdog(long nanos, Runnable bite) {
    allow(nanos);
    thread = new Thread(() -> watch(bite), "guest watchdog");
    thread.setDaemon(true);
    thread.start();
  }

  /// So much time from now on.
  void allow(long nanos) {
    end = System.nanoTime() + nanos;
  }

  /// Whether the time was over.
  boolean hasBitten() {
    return bit;
  }

  private void watch(Runnable bite) {
    while (!closed) {
      if (System.nanoTime() - end > 0) {
        bit = true;
        bite.run();
        return;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
