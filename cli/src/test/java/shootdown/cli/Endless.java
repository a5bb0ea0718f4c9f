package shootdown.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import shootdown.model.Observation;

/// The program in a process of its own: the run of test `b` takes longer than anybody waits, all
/// others end at once.
final class Endless {
  private static final int SECONDS = 30;

  private Endless() {}

  public static void main(String[] args) {
    System.exit(
        new Program(System.out, System.err)
            .checks(
                job -> {
                  if (job.test().name().equals("b")) {
                    waitLong();
                  }
                  return Program.result(job, Observation.NEVER, "Never");
                })
            .run(args));
  }

  private static void waitLong() {
    try {
      if (new CountDownLatch(1).await(SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody counts down");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
