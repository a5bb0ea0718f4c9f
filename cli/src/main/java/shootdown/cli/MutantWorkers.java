package shootdown.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Function;
import shootdown.model.mutants.Campaign;

/// Runs the parts of a campaign on several threads, and says on a terminal how far it is.
final class MutantWorkers implements Campaign.Workers {
  private static final String ERASE = "\r\u001B[K";

  private final int width;
  private final PrintWriter err;

  /// @param err where progress goes; null for nowhere
  MutantWorkers(int width, PrintWriter err) {
    this.width = width;
    this.err = err;
  }

  @Override
  public <A, B> List<B> each(String what, List<A> inputs, Function<A, B> step) {
    var done = new int[1];
    try (var threads = Executors.newFixedThreadPool(width)) {
      var futures =
          inputs.stream()
              .map(
                  input ->
                      threads.submit(
                          () -> {
                            B result = step.apply(input);
                            say(what, done, inputs.size());
                            return result;
                          }))
              .toList();
      var results = new ArrayList<B>();
      try {
        for (var future : futures) {
          results.add(future.get());
        }
      } catch (ExecutionException | InterruptedException failed) {
        threads.shutdownNow();
        throw new AssertionError(what + " cannot be run", failed.getCause());
      }
      return results;
    }
  }

  private synchronized void say(String what, int[] done, int all) {
    done[0]++;
    if (err != null) {
      err.print(ERASE + (done[0] < all ? what + ": " + done[0] + " of " + all + " done" : ""));
      err.flush();
    }
  }
}
