package shootdown.bench;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import shootdown.check.Check;
import shootdown.check.Options;
import shootdown.check.Reductions;
import shootdown.check.examples.Remap;

/// How fast the checker is on the reference problem: three pages, two CPUs that write, the fixed
/// order. Without reductions it has the 10,416,727 states of the twins in `bench/twins`.
///
/// The JVM has warmed up, unlike that of [Once]: what two workers gain here is what they gain in a
/// search that is long.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(
    value = 1,
    jvmArgs = {
      "-Xmx4g", "-XX:+UseSerialGC", "-XX:PretenureSizeThreshold=256k",
      "-XX:+UseTransparentHugePages"
    })
public class ReferenceProblem {
  /// Which interleavings are left out.
  @Param({"NONE", "ALL"})
  public String reductions;

  /// How many threads search.
  @Param({"1", "2"})
  public int workers;

  /// What all measured searches took together, besides time on the clock.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Effort {
    /// met
    public long states;

    /// followed
    public long transitions;

    /// of all threads of the process: compilers and collectors, too
    public double cpuSeconds;
  }

  /// Searches all states.
  @Benchmark
  public boolean search(Effort effort) {
    var which = "ALL".equals(reductions) ? Reductions.ALL : Reductions.NONE;
    long before = cpuNanos();
    var result =
        Check.run(
            () -> Remap.program(3, 2, Remap.Flush.BEFORE_UNLOCK_IF_DIRTY),
            Options.DEFAULT.withReductions(which).withWorkers(workers));
    effort.cpuSeconds = (cpuNanos() - before) / 1e9;
    effort.states = result.effort().states();
    effort.transitions = result.effort().transitions();
    return result.isComplete();
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getProcessCpuTime();
  }
}
