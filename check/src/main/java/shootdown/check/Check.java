package shootdown.check;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import shootdown.sched.Program;

/// Checks concurrent programs: follows every interleaving of their tasks and every choice.
public final class Check {
  private Check() {}

  /// Checks a program.
  ///
  /// @param programs builds the program, the same each time; each search runs one of its own
  /// @throws ProgramBug if the program's code throws or breaks a rule; with the schedule
  public static CheckResult run(Supplier<Program> programs, Options options) {
    long cpuStart = cpuNanos();
    var patience = new Patience(options);
    var learned = new Learned(programs.get(), options.reductions());
    var findings = new Findings();
    var search = new DepthFirst(learned, findings, options, patience);
    var incomplete = search.search();
    var effort =
        new CheckResult.Effort(
            search.states(),
            search.transitions(),
            learned.automaton.operations(),
            learned.runs(),
            search.restarts(),
            (cpuNanos() - cpuStart) / 1e9,
            patience.seconds(),
            Fingerprints.collisionProbability(search.states()));
    Map<String, Finding> outcomes = new LinkedHashMap<>();
    findings.outcomes.forEach((text, found) -> outcomes.put(text, new Finding(found)));
    return new CheckResult(
        outcomes,
        findings.violations.values().stream().map(Finding::new).toList(),
        incomplete,
        effort);
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
