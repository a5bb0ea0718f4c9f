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
///
/// Mutants are steps of today's kernel. What survives there is tried with older ones, too, if there
/// are scenarios for [#prepareLater]: a step may have been needed before something else made up for
/// it.
public final class Campaign {
  /// Machines on which tests of several tasks are run, whichever they name: hardware keeps the
  /// bits, or software does; IPIs, or broadcasts; flushes of all CPUs, of one, or none.
  public static final List<String> MACHINES = List.of("x86-64", "arm64-swad", "riscv64-svade");

  private static final Comparator<Baseline> BY_STATES =
      Comparator.comparingLong(Baseline::states);

  private final Workers workers;
  private final List<Baseline> baselines = new ArrayList<>();
  private final List<Scenario> later = new ArrayList<>();
  private final Map<String, List<String>> undecided = new TreeMap<>();
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
    baselines.addAll(ran(scenarios));
    baselines.sort(BY_STATES);
    for (var baseline : baselines) {
      sites.putAll(baseline.sites());
      lines.addAll(baseline.lines());
    }
  }

  /// These are asked when all others have been, of what survived those. Steps that nothing else
  /// comes by are no mutants.
  public void prepareLater(Collection<Scenario> scenarios) {
    later.addAll(scenarios);
  }

  private List<Baseline> ran(Collection<Scenario> scenarios) {
    var ran = workers.each("tests", List.copyOf(scenarios), Baseline::of);
    for (var scenario : scenarios) {
      if (ran.stream().noneMatch(b -> b.isPresent() && b.get().scenario() == scenario)) {
        leftOut.add(scenario.name());
      }
    }
    return ran.stream().flatMap(Optional::stream).sorted(BY_STATES).toList();
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
    var first = names.stream().filter(n -> !isLater(remembered.get(n))).toList();
    var mutants = new TreeMap<String, Mutant>();
    caught(first, baselines, remembered).forEach(m -> mutants.put(m.site(), m));
    var left = names.stream().filter(n -> !mutants.containsKey(n)).toList();
    if (!left.isEmpty()) {
      var older = ran(later);
      later.clear();
      baselines.addAll(older);
      caught(left, older, remembered).forEach(m -> mutants.put(m.site(), m));
    }
    return workers.each(
        "survivors", names, n -> mutants.containsKey(n) ? mutants.get(n) : survivor(n));
  }

  private boolean isLater(Mutant.Catcher catcher) {
    return catcher != null && later.stream().anyMatch(catcher::is);
  }

  private List<Mutant> caught(
      List<String> names, List<Baseline> by, Map<String, Mutant.Catcher> remembered) {
    return workers
        .each("mutants", names, n -> run(n, by, Optional.ofNullable(remembered.get(n))))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /// The mutant, if one of the scenarios catches it.
  private Optional<Mutant> run(
      String site, List<Baseline> by, Optional<Mutant.Catcher> before) {
    var asked = new ArrayList<String>();
    for (var baseline : candidates(site, by, before)) {
      var how = difference(baseline, site, asked);
      if (how.isPresent()) {
        return Optional.of(
            new Mutant(
                site,
                sites.get(site),
                Optional.of(new Mutant.Catcher(baseline.scenario(), how.orElseThrow())),
                Optional.empty(),
                List.of()));
      }
    }
    synchronized (undecided) {
      undecided.computeIfAbsent(site, _ -> new ArrayList<>()).addAll(asked);
    }
    return Optional.empty();
  }

  private Mutant survivor(String site) {
    return new Mutant(
        site,
        sites.get(site),
        Optional.empty(),
        Optional.of(why(site)),
        undecided.getOrDefault(site, List.of()));
  }

  /// What the state spaces of all scenarios show of the need for a site.
  public Evidence why(String site) {
    var kind = sites.get(site);
    var tried = candidates(site, baselines, Optional.empty());
    var evidence = new Evidence(site, kind, tried.size());
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
  private static List<Baseline> candidates(
      String site, List<Baseline> all, Optional<Mutant.Catcher> before) {
    var candidates = new ArrayList<>(all.stream().filter(b -> b.mayShow(site)).toList());
    before.ifPresent(
        catcher ->
            candidates.sort(Comparator.comparing(b -> !catcher.is(b.scenario()))));
    return candidates;
  }

  /// What of the tests, run without a mutation, is known.
  List<Baseline> baselines() {
    return baselines;
  }

  /// How a test shows that a site is switched off.
  ///
  /// @param undecided is given its name if that was not explored to its end
  static Optional<String> difference(
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
