package shootdown.bench;

import java.time.Duration;
import java.util.Locale;
import shootdown.check.Check;
import shootdown.check.CheckResult;
import shootdown.check.Options;
import shootdown.examples.asid.AsidAllocator;
import shootdown.examples.asid.Detail;
import shootdown.examples.asid.Mistake;
import shootdown.examples.asid.Setup;

/// Searches the arm64 ASID allocator once, in a JVM of its own, as the scripts in `bench/` want it:
/// for violations and livelocks.
///
/// Prints what [Report] says, and how much was done if time ended before the search did.
public final class Asid {
  private Asid() {}

  /// @param args tasks; how many of them are watched, and unmapped; the steps ([Detail]); the
  ///     reductions ([Named]); how many threads search; for how many seconds, 0 for no limit
  public static void main(String[] args) {
    int tasks = Integer.parseInt(args[0]);
    var setup =
        Setup.ofTasks(tasks)
            .withTasks(
                new Setup.Tasks(tasks, Integer.parseInt(args[1]), Integer.parseInt(args[2])));
    var detail = Detail.valueOf(args[3]);
    var share = new double[1];
    var options =
        Options.DEFAULT
            .withReductions(Named.reductions(args[4]))
            .withWorkers(Integer.parseInt(args[5]))
            .withProgress((_, _, _, done) -> share[0] = done);
    int seconds = Integer.parseInt(args[6]);
    if (seconds > 0) {
      options = options.withTimeLimit(Duration.ofSeconds(seconds));
    }
    CheckResult result =
        Check.run(() -> AsidAllocator.program(setup, detail, Mistake.NONE), options);
    if (!result.violations().isEmpty()) {
      throw new IllegalStateException("something is wrong: " + result);
    }
    System.out.println(Report.of(result) + (result.isComplete() ? "" : stopped(result, share[0])));
  }

  private static String stopped(CheckResult result, double share) {
    return String.format(
        Locale.ROOT,
        " %s; %.1f %% done, by estimate",
        result.incomplete().orElseThrow(),
        share * 100);
  }
}
