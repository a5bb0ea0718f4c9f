package shootdown.model.mutants;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import shootdown.sched.Mutation;

/// How a scenario runs when nothing is left out.
///
/// @param scenario what is run
/// @param behaviour what it shows
/// @param sites what it comes by
/// @param noticed of those sites at which something happened that the site could be there for, what
///     happened; of locks and atomic updates not more than that another task meets them, or that
///     their holder asserts that they are held
/// @param lines the kernel's calls that do it, as `class:line`
/// @param states that it has
record Baseline(
    Scenario scenario,
    Behaviour behaviour,
    Map<String, Mutation.Kind> sites,
    Map<String, Set<String>> noticed,
    Set<String> lines,
    long states) {
  private static final long MOST_STATES = 1_000_000;

  /// Older kernels are asked for survivors only, by the tests that name them: a few.
  private static final long MOST_STATES_OF_OLDER = 4_000_000;
  private static final long FEWEST_STATES = 50_000;
  private static final int GROWTH = 8;
  private static final String ASSERTED = "its holder asserts it";

  /// Runs a scenario; empty if the model cannot run it, or not to its end.
  static Optional<Baseline> of(Scenario scenario) {
    return of(scenario, scenario.isOfToday() ? MOST_STATES : MOST_STATES_OF_OLDER);
  }

  /// Runs a scenario; empty if the model cannot run it, or not to its end within so many states.
  static Optional<Baseline> of(Scenario scenario, long mostStates) {
    var sites = Mutation.recording();
    var result = scenario.run(sites, mostStates);
    return result
        .filter(r -> r.isComplete())
        .map(
            r ->
                new Baseline(
                    scenario,
                    Behaviour.of(r),
                    sites.met(),
                    noticed(sites),
                    sites.lines(),
                    r.effort().states()));
  }

  private static Map<String, Set<String>> noticed(Mutation sites) {
    var noticed = new TreeMap<String, Set<String>>();
    sites.met().keySet().stream()
        .filter(sites::mayMatter)
        .forEach(site -> noticed.put(site, noticedAt(site, sites)));
    return noticed;
  }

  private static Set<String> noticedAt(String site, Mutation sites) {
    return sites.isAsserted(site) ? Set.of(ASSERTED) : sites.noticed(site);
  }

  /// Whether it could behave otherwise without what is done at a site. If not, nothing ever
  /// happened that the site could be there for.
  boolean mayShow(String site) {
    return noticed.containsKey(site)
        && (sites.get(site).showsAlone()
            || noticed.get(site).contains(ASSERTED)
            || scenario.hasSeveralTasks());
  }

  /// A mutant may have more states than the kernel, but not without end.
  long mostStates() {
    return Math.max(FEWEST_STATES, GROWTH * states);
  }
}
