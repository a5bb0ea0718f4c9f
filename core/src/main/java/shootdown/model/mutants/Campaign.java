package shootdown.model.mutants;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import shootdown.check.ProgramBug;
import shootdown.model.TestResult;
import shootdown.sched.Mutation;

/// Runs mutants against scenarios.
public final class Campaign {
  /// Machines on which tests of several tasks are run, whichever they name: hardware keeps the
  /// bits, or software does; IPIs, or broadcasts; flushes of all CPUs, of one, or none.
  public static final List<String> MACHINES = List.of("x86-64", "arm64-swad", "riscv64-svade");

  private final Workers workers;
  private final List<Baseline> baselines = new ArrayList<>();
  private final SortedMap<String, Mutation.Kind> sites = new TreeMap<>();
  private final Set<String> lines = new TreeSet<>();
  private final List<String> leftOut = new ArrayList<>();

  /// Who does what there is to do, one after the other or several at a time.
  public interface Workers {
    /// @param what the inputs are, for progress
    /// @return what `step` gives for each, in the same order
    <A, B> List<B> each(String what, List<A> inputs, Function<A, B> step);

    /// One after the other.
    Workers ONE =
        new Workers() {
          @Override
          public <A, B> List<B> each(String what, List<A> inputs, Function<A, B> step) {
            return inputs.stream().map(step).toList();
          }
        };
  }

  public Campaign(Workers workers) {
    this.workers = workers;
  }

  /// Runs the scenarios without a mutation. What comes of them is what mutants are compared with.
  public void prepare(Collection<Scenario> scenarios) {
    var ran = workers.each("tests", List.copyOf(scenarios), Baseline::of);
    for (var scenario : scenarios) {
      if (ran.stream().noneMatch(b -> b.isPresent() && b.get().scenario() == scenario)) {
        leftOut.add(scenario.name());
      }
    }
    ran.stream().flatMap(Optional::stream).forEach(baselines::add);
    baselines.sort(Comparator.comparingLong(Baseline::states));
    for (var baseline : baselines) {
      sites.putAll(baseline.sites());
      lines.addAll(baseline.lines());
    }
  }

  /// The mutants that there are: all sites that some scenario comes by, sorted.
  public SortedMap<String, Mutation.Kind> sites() {
    return sites;
  }

  /// The kernel's lines that came by a site, as `class:line`.
  public Set<String> lines() {
    return lines;
  }

  /// Scenarios that are not explored to their end even without a mutation: they catch nothing.
  public List<String> leftOut() {
    return leftOut;
  }

  /// Runs mutants.
  ///
  /// @param names of those to run, a part of [#sites]
  /// @param remembered who caught a mutant before, to be asked first
  /// @return in the order of `names`
  public List<Mutant> run(List<String> names, Map<String, Mutant.Catcher> remembered) {
    return workers.each(
        "mutants", names, name -> run(name, Optional.ofNullable(remembered.get(name))));
  }

  private Mutant run(String site, Optional<Mutant.Catcher> before) {
    var undecided = new ArrayList<String>();
    var candidates = candidates(site, before);
    for (var baseline : candidates) {
      var scenario = baseline.scenario();
      var how = difference(baseline, site, undecided);
      if (how.isPresent()) {
        return new Mutant(
            site,
            sites.get(site),
            Optional.of(
                new Mutant.Catcher(scenario.file(), scenario.machine(), how.orElseThrow())),
            Optional.empty(),
            List.of());
      }
    }
    return new Mutant(site, sites.get(site), Optional.empty(), Optional.of(why(site)), undecided);
  }

  /// What the state spaces of all scenarios show of the need for a site.
  public Evidence why(String site) {
    var kind = sites.get(site);
    var evidence = new Evidence(site, kind, candidates(site, Optional.empty()).size());
    for (var baseline : baselines) {
      if (!baseline.sites().containsKey(site)) {
        continue;
      }
      var name = baseline.scenario().name();
      if (!baseline.mayShow(site)) {
        evidence.add(name, Set.of(), Optional.empty());
      } else if (kind == Mutation.Kind.RECHECK || kind == Mutation.Kind.FLUSH) {
        evidence.add(name, baseline.noticed().get(site), Optional.empty());
      } else {
        var watch = Mutation.watching(site);
        var result = baseline.scenario().run(watch, baseline.mostStates()).orElseThrow();
        evidence.add(name, watch.noticed(site), result.incomplete());
      }
    }
    return evidence;
  }

  /// Who comes by the site and may show it: whoever caught it before, then the cheap ones first.
  private List<Baseline> candidates(String site, Optional<Mutant.Catcher> before) {
    var candidates =
        new ArrayList<>(baselines.stream().filter(b -> b.mayShow(site)).toList());
    before.ifPresent(
        catcher ->
            candidates.sort(Comparator.comparing(b -> !isBy(b.scenario(), catcher))));
    return candidates;
  }

  private static boolean isBy(Scenario scenario, Mutant.Catcher catcher) {
    return scenario.file().equals(catcher.file())
        && scenario.machine().equals(catcher.machine());
  }

  private static Optional<String> difference(
      Baseline baseline, String site, List<String> undecided) {
    TestResult result;
    try {
      result = baseline.scenario().run(Mutation.off(site), baseline.mostStates()).orElseThrow();
    } catch (ProgramBug bug) {
      return Optional.of(
          bug.getCause() == null
              ? bug.getMessage()
              : "throws " + bug.getCause().getClass().getSimpleName());
    }
    var mutated = Behaviour.of(result);
    var difference = baseline.behaviour().difference(mutated);
    if (difference.isEmpty() && mutated.incomplete().isPresent()) {
      undecided.add(
          baseline.scenario().name() + ": " + mutated.incomplete().orElseThrow());
    }
    return difference;
  }
}
