package shootdown.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import shootdown.check.Round;
import shootdown.check.Simulation;
import shootdown.check.Tally;
import shootdown.check.Window;
import shootdown.litmus.Condition;
import shootdown.litmus.LitmusTest;
import shootdown.machine.Machine;

/// A test that is run again and again in simulated time. A hit is what `check` would show: an
/// execution with the condition (for `forall`, one without it), or with a violated oracle.
public final class Simulated {
  private final LitmusTest test;
  private final LitmusProgram bound;
  private final Simulation simulation;
  private final Map<String, Boolean> hits = new HashMap<>();
  private boolean limited;

  Simulated(LitmusTest test, LitmusProgram bound) {
    this.test = test;
    this.bound = bound;
    simulation = new Simulation(bound.program(), this::isHit);
  }

  /// See [Simulation#run(long, List, double, Predicate)].
  public Tally run(long seed, List<Window> windows, double boost, Predicate<Tally> goesOn) {
    return simulation.run(seed, windows, boost, goesOn);
  }

  /// How often in a second of a thread's time something stops it for long.
  public double preemptionsPerSecond() {
    return bound.program().timing().interruptions().stream()
        .filter(i -> i.preempts())
        .mapToDouble(i -> i.perSecond())
        .sum();
  }

  /// Whether a round met a limit of the model, which is no hit.
  public boolean isLimited() {
    return limited;
  }

  private boolean isHit(Round round) {
    limited |= round.violations().stream().anyMatch(v -> v.property().equals(Machine.LIMIT));
    boolean violated =
        round.violations().stream()
            .flatMap(v -> Stream.ofNullable(Planned.oracle(v).orElse(null)))
            .findAny()
            .isPresent();
    return violated || round.outcome().filter(this::shows).isPresent();
  }

  private boolean shows(String outcome) {
    return hits.computeIfAbsent(
        outcome,
        text ->
            test.condition() instanceof Condition.Over over
                && bound.satisfies(text)
                    == (over.quantifier() != Condition.Quantifier.FORALL));
  }
}
