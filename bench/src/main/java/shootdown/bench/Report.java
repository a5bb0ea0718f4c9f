package shootdown.bench;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import shootdown.check.CheckResult;

/// What one search in a JVM of its own prints for the scripts in `bench/`.
final class Report {
  private Report() {}

  /// States, transitions, CPU seconds of the whole process (compilers and collectors, too) and of
  /// the search on the clock, the start of the JVM left out of the last.
  static String of(CheckResult result) {
    return String.format(
        Locale.ROOT,
        "%d %d %.2f %.2f",
        result.effort().states(),
        result.effort().transitions(),
        cpuNanos() / 1e9,
        result.effort().wallSeconds());
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getProcessCpuTime();
  }
}
