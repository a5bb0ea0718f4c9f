package shootdown.model.mutants;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import shootdown.check.ProgramBug;
import shootdown.kernel.Timeline;
import shootdown.kernel.history.Release;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;
import shootdown.machine.MachineProfile;
import shootdown.machine.Profiles;
import shootdown.model.Checker;
import shootdown.model.Seeds;
import shootdown.sched.Mutation;

/// Looks for tests that catch mutants: makes small programs out of the tests that come by a
/// mutant's site, explores each with the step and without it, and tells which differ.
///
/// A program in which something new happens at a site, such as a re-check that does not hold,
/// becomes a parent of others. What is found is a function of the tests, the mutants and the seed.
public final class Hunt {
  private final List<String> sites;
  private final Options options;
  private final Breeder breeder;
  private final Map<String, List<Parent>> parents = new TreeMap<>();
  private final Set<String> seen = new HashSet<>();
  private final List<String> machines =
      Profiles.all().stream().map(MachineProfile::name).toList();
  private final List<String> releases;
  private long complete;

  /// How to hunt.
  ///
  /// @param seed of the programs
  /// @param mostStates a program with more is given up
  /// @param today whether today's kernel alone is asked, and no older ones
  public record Options(long seed, long mostStates, boolean today) {}

  /// A program whose outcome differs.
  ///
  /// @param site the mutant that it catches
  /// @param text the program
  /// @param where on which machine, with which kernel, and what differs
  public record Found(String site, String text, Mutant.Catcher where) {
    /// In a few words: where, and what differs.
    public String summary() {
      return where.machine() + ", " + where.kernel() + ": " + where.how();
    }
  }

  /// A program to make others of.
  private record Parent(LitmusTest test, String machine, String kernel) {}

  /// Prepares a hunt.
  ///
  /// @param tests that were run, with the sites that they come by
  /// @param sites of the mutants to be caught
  public Hunt(Campaign tests, List<String> sites, Options options) {
    this.sites = List.copyOf(sites);
    this.options = options;
    this.breeder =
        new Breeder(
            tests.baselines().stream().map(b -> b.scenario().test().test()).distinct().toList());
    this.releases =
        Timeline.all().stream()
            .flatMap(h -> h.fixes().stream())
            .flatMap(f -> f.release().stream())
            .distinct()
            .sorted()
            .map(Release::toString)
            .toList();
    for (var site : sites) {
      var near = new ArrayList<Parent>();
      for (var baseline : tests.baselines()) {
        if (baseline.sites().containsKey(site) && baseline.states() <= options.mostStates()) {
          var scenario = baseline.scenario();
          near.add(
              new Parent(scenario.test().test(), scenario.machine(), scenario.kernel()));
          seen.addAll(happenings(site, baseline));
        }
      }
      parents.put(site, near);
    }
  }

  /// How many programs were explored to their ends so far.
  public long complete() {
    return complete;
  }

  /// Program `number`: which mutants it catches.
  public List<Found> program(long number) {
    var random = Seeds.random(options.seed(), number);
    var near = parents.get(sites.get((int) (number % sites.size())));
    if (near.isEmpty()) {
      return List.of();
    }
    int last = near.size() - 1 - random.nextInt(near.size());
    var parent =
        near.get(random.nextBoolean() ? last : random.nextInt(near.size()));
    String name = "hunt" + number;
    return breeder.child(parent.test(), name, random)
        .map(test -> tried(scenario(name, test, parent, random)))
        .orElse(List.of());
  }

  private Scenario scenario(
      String name, ParseResult.Parsed test, Parent parent, SplittableRandom random) {
    var machine =
        random.nextInt(3) == 0 ? machines.get(random.nextInt(machines.size())) : parent.machine();
    var kernel =
        options.today()
            ? Checker.DEFAULT_KERNEL
            : random.nextInt(3) == 0
                ? releases.get(random.nextInt(releases.size()))
                : parent.kernel();
    return new Scenario(name + ".litmus", test, machine, kernel);
  }

  private List<Found> tried(Scenario scenario) {
    var found = new ArrayList<Found>();
    var baseline = baseline(scenario);
    if (baseline.isEmpty()) {
      return found;
    }
    complete++;
    for (var site : sites) {
      if (!baseline.get().sites().containsKey(site)) {
        continue;
      }
      if (seen.addAll(happenings(site, baseline.get()))) {
        parents.get(site)
            .add(new Parent(scenario.test().test(), scenario.machine(), scenario.kernel()));
      }
      if (baseline.get().mayShow(site) && difference(baseline.get(), site).isPresent()) {
        found.add(smallest(scenario, site));
      }
    }
    return found;
  }

  private static Set<String> happenings(String site, Baseline baseline) {
    var happenings = new HashSet<String>();
    for (var what : baseline.noticed().getOrDefault(site, Set.of())) {
      happenings.add(site + ": " + what + baseline.scenario().kernel());
    }
    return happenings;
  }

  private Optional<Baseline> baseline(Scenario scenario) {
    try {
      return Baseline.of(scenario, options.mostStates());
    } catch (ProgramBug | IllegalStateException bug) {
      // a program that the kernel's code throws at is for its own tests
      return Optional.empty();
    }
  }

  private static Optional<String> difference(Baseline baseline, String site) {
    return Campaign.difference(baseline, site, new ArrayList<>());
  }

  /// Without whatever makes no difference.
  private Found smallest(Scenario scenario, String site) {
    var best = scenario;
    boolean shrinks = true;
    while (shrinks) {
      shrinks = false;
      for (var less : smaller(Sketch.of(best.test().test()))) {
        var next =
            less.test(scenario.test().test().name())
                .map(
                    t -> new Scenario(scenario.file(), t, scenario.machine(), scenario.kernel()))
                .filter(s -> differs(s, site));
        if (next.isPresent()) {
          best = next.get();
          shrinks = true;
          break;
        }
      }
    }
    var how = baseline(best).flatMap(b -> difference(b, site)).orElseThrow();
    return new Found(
        site,
        Sketch.of(best.test().test()).text(best.test().test().name()),
        new Mutant.Catcher(best, how));
  }

  private boolean differs(Scenario scenario, String site) {
    return baseline(scenario)
        .filter(b -> b.mayShow(site))
        .flatMap(b -> difference(b, site))
        .isPresent();
  }

  private static List<Sketch> smaller(Sketch test) {
    var all = new ArrayList<Sketch>();
    for (int i = test.threads().size() - 1; i >= 0 && test.threads().size() > 1; i--) {
      all.add(test.without(i));
    }
    for (int i = 0; i < test.threads().size(); i++) {
      var statements = test.threads().get(i).statements();
      int thread = i;
      shorter(statements).forEach(less -> all.add(test.withThread(thread, less)));
    }
    shorter(test.init()).forEach(less -> all.add(test.withInit(less)));
    return all;
  }

  private static List<List<String>> shorter(List<String> lines) {
    return IntStream.range(0, lines.size())
        .mapToObj(
            i -> {
              List<String> less = new ArrayList<>(lines);
              less.remove(i);
              return less;
            })
        .toList();
  }
}
