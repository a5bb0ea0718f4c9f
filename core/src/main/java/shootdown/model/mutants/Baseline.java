package shootdown.model.mutants;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import shootdown.sched.Mutation;

/// How a scenario runs when nothing is left out.
///
/// @param scenario what is run
/// @param behaviour what it shows
/// @param sites what it comes by
/// @param lines the kernel's calls that do it, as `class:line`
/// @param states that it has
/// @param seconds of CPU time that it takes
record Baseline(
    Scenario scenario,
    Behaviour behaviour,
    Map<String, Mutation.Kind> sites,
    Set<String> lines,
    long states,
    double seconds) {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final long MOST_STATES = 1_000_000;
  private static final long FEWEST_STATES = 50_000;
  private static final int GROWTH = 8;

  /// Runs a scenario; empty if the model cannot run it, or not to its end.
  static Optional<Baseline> of(Scenario scenario) {
    var sites = Mutation.recording();
    var result = scenario.run(sites, new Scenario.Bounds(MOST_STATES, LONGEST));
    return result
        .filter(r -> r.isComplete())
        .map(
            r ->
                new Baseline(
                    scenario,
                    Behaviour.of(r),
                    sites.met(),
                    sites.lines(),
                    r.effort().states(),
                    r.effort().seconds()));
  }

  /// A mutant may have more states than the kernel, but not without end.
  Scenario.Bounds bounds() {
    return new Scenario.Bounds(Math.max(FEWEST_STATES, GROWTH * states), LONGEST);
  }
}
