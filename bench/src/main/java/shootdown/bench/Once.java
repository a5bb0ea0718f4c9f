package shootdown.bench;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import shootdown.check.Check;
import shootdown.check.CheckResult;
import shootdown.check.Options;
import shootdown.check.Reductions;
import shootdown.check.examples.Remap;

/// Searches the reference problem once, in a JVM of its own, as the scripts in `bench/` want it.
///
/// Prints states, transitions, CPU seconds of the whole process (compilers and collectors, too) and
/// seconds on the clock, the start of the JVM left out of the last.
public final class Once {
  private Once() {}

  /// @param args pages, CPUs that write, the reductions (`NONE`, `ALL`, or `-` and the name of one
  ///     that is left out), and, if more than one, how many threads search
  public static void main(String[] args) {
    int pages = Integer.parseInt(args[0]);
    int writers = Integer.parseInt(args[1]);
    var reductions = reductions(args[2]);
    int workers = args.length > 3 ? Integer.parseInt(args[3]) : 1;
    long start = System.nanoTime();
    CheckResult result =
        Check.run(
            () -> Remap.program(pages, writers, Remap.Flush.BEFORE_UNLOCK_IF_DIRTY),
            Options.DEFAULT.withReductions(reductions).withWorkers(workers));
    double wall = (System.nanoTime() - start) / 1e9;
    if (!result.isComplete() || !result.violations().isEmpty()) {
      throw new IllegalStateException("not searched whole, or something is wrong: " + result);
    }
    System.out.printf(
        Locale.ROOT,
        "%d %d %.2f %.2f%n",
        result.effort().states(),
        result.effort().transitions(),
        cpuNanos() / 1e9,
        wall);
  }

  private static Reductions reductions(String name) {
    return switch (name) {
      case "NONE" -> Reductions.NONE;
      case "ALL" -> Reductions.ALL;
      case "-privateWords" -> new Reductions(false, true, true, true);
      case "-lockedWords" -> new Reductions(true, false, true, true);
      case "-lockMovers" -> new Reductions(true, true, false, true);
      case "-localChoices" -> new Reductions(true, true, true, false);
      default -> throw new IllegalArgumentException("no such reductions: " + name);
    };
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getProcessCpuTime();
  }
}
