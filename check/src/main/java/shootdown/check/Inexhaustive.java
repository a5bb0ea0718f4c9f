package shootdown.check;

import java.util.Optional;
import java.util.function.Supplier;
import shootdown.sched.Program;

/// Checks a program by a search that is not meant to cover all.
final class Inexhaustive {
  /// A counterexample is first looked for among so many states: there may be a shorter one.
  private static final int GRAPH_STATES = 100_000;

  private final Supplier<Program> programs;
  private final Options options;
  private final Patience patience;
  private final Learned learned;
  private final Findings findings = new Findings();

  /// How such a search goes.
  interface Method {
    /// Searches; tells why that does not prove anything, unless it does.
    Optional<String> search();

    Coverage coverage();

    long transitions();

    /// How often a guess about a word was wrong.
    int restarts();

    /// Whether some run may come back to a state that it was in, after a search that covered all.
    boolean isCyclic();
  }

  private Inexhaustive(Supplier<Program> programs, Options options) {
    this.programs = programs;
    this.options = options;
    patience = new Patience(options);
    learned = new Learned(programs.get(), options.reductions(), options.seed());
  }

  static CheckResult run(Supplier<Program> programs, Options options) {
    return new Inexhaustive(programs, reduced(options)).run();
  }

  /// Where the lock operations of other tasks are moved, what one task does while another holds a
  /// lock may cost a preemption that it does not cost in fact: it would have had to wait.
  private static Options reduced(Options options) {
    if (options.search() instanceof Search.Timed) {
      return options.withReductions(Reductions.NONE); // each operation takes time
    }
    var r = options.reductions().without(Reduction.SYMMETRY);
    return options.search() instanceof Search.Preemptions
        ? options.withReductions(r.without(Reduction.LOCK_MOVERS))
        : options.withReductions(r);
  }

  private CheckResult run() {
    long cpuStart = Check.cpuNanos();
    var method = method();
    var incomplete = method.search();
    learned.lookAgain(programs.get());
    var counterexamples = counterexamples(incomplete.isEmpty());
    if (incomplete.isEmpty() && method.isCyclic()) {
      incomplete = counterexamples.addFairCycles(findings);
    }
    var coverage = method.coverage();
    long states = coverage.states();
    var effort =
        new CheckResult.Effort(
            states,
            method.transitions(),
            states,
            learned.automaton.operations(),
            learned.runs(),
            method.restarts(),
            (Check.cpuNanos() - cpuStart) / 1e9,
            patience.seconds(),
            Fingerprints.collisionProbability(states));
    return CheckResult.of(findings, counterexamples, incomplete, Optional.of(coverage), effort);
  }

  private Counterexamples counterexamples(boolean complete) {
    int few = Math.min(GRAPH_STATES, options.bounds().graphStates());
    return new Counterexamples(
        programs,
        learned,
        complete ? options : options.withGraphStates(few),
        patience,
        new Counterexamples.Searched(complete, 0, 0));
  }

  private Method method() {
    var fingerprints = new Fingerprints(options.seed());
    return switch (options.search()) {
      case Search.Exhaustive _ -> throw new IllegalArgumentException("this one is exhaustive");
      case Search.Preemptions how ->
          new PreemptionBound(how, learned, findings, options, patience);
      case Search.Random how ->
          new Sampling(how, learned, new Walk(learned, findings, fingerprints), options, patience);
      case Search.Timed how ->
          new TimedSampling(
              how, learned, new Walk(learned, findings, fingerprints), options, patience);
      case Search.Pct how ->
          new Sampling(how, learned, new Walk(learned, findings, fingerprints), options, patience);
      case Search.Swarm how -> new Swarm(how, learned, findings, options, patience);
    };
  }
}
