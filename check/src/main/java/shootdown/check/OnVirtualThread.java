package shootdown.check;

import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;

/// Runs code that hands batons to virtual threads on one itself: a hand-over is cheap then.
final class OnVirtualThread {
  private OnVirtualThread() {}

  /// Runs `code` to its end; what it throws is thrown. An interrupt is passed on to it.
  static void run(Runnable code) {
    var thrown = new AtomicReference<Throwable>();
    var thread =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  try {
                    code.run();
                  } catch (Throwable t) {
                    thrown.set(t);
                  }
                });
    thread.start();
    join(thread);
    switch (thrown.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new CompletionException(t);
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        thread.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
