package shootdown.bench;

import shootdown.check.Check;
import shootdown.check.CheckResult;
import shootdown.check.Options;
import shootdown.check.examples.Remap;

/// Searches the reference problem once, in a JVM of its own, as the scripts in `bench/` want it.
///
/// Prints what [Report] says.
public final class Once {
  private Once() {}

  /// @param args pages, CPUs that write, the reductions ([Named]), and, if more than one,
  ///     how many threads search
  public static void main(String[] args) {
    int pages = Integer.parseInt(args[0]);
    int writers = Integer.parseInt(args[1]);
    var reductions = Named.reductions(args[2]);
    int workers = args.length > 3 ? Integer.parseInt(args[3]) : 1;
    CheckResult result =
        Check.run(
            () -> Remap.program(pages, writers, Remap.Flush.BEFORE_UNLOCK_IF_DIRTY),
            Options.DEFAULT.withReductions(reductions).withWorkers(workers));
    if (!result.isComplete() || !result.violations().isEmpty()) {
      throw new IllegalStateException("not searched whole, or something is wrong: " + result);
    }
    System.out.println(Report.of(result));
  }
}
