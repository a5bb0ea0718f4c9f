package shootdown.check;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import shootdown.sched.Program;

/// Checks concurrent programs: follows every interleaving of their tasks and every choice,
/// unless another [Search] is asked for.
public final class Check {
  private Check() {}

  /// Checks a program. Where its tasks share static fields ([SharedStatics]), the result is
  /// incomplete and names one.
  ///
  /// @param programs builds the program, the same each time; each search runs one of its own
  /// @throws ProgramBug if the program's code throws or breaks a rule, with the schedule; or if it
  ///     does not come to its next operation within seconds, with the place where it is
  public static CheckResult run(Supplier<Program> programs, Options options) {
    return Guard.DEFAULT.run(
        () ->
            options.search() instanceof Search.Exhaustive
                ? run(Pulse.watched(programs), options, DepthFirst.Observer.NONE)
                : Inexhaustive.run(Pulse.watched(programs), options));
  }

  static CheckResult run(
      Supplier<Program> programs, Options asked, DepthFirst.Observer observer) {
    var options = possible(asked);
    long cpuStart = cpuNanos();
    var patience = new Patience(options);
    var learned = new Learned(programs.get(), options.reductions(), options.seed());
    var findings = new Findings();
    var keeper = Keeper.of(options, new Keeper.Search(learned, findings, patience));
    var one = new DepthFirst(learned, findings, options, patience, observer);
    Pass search = one;
    int restarts = 0;
    long beginningNanos = 0;
    boolean several = options.isParallel() && learned.images.isEmpty();
    if (!several) {
      keeper.ifPresent(one::keptBy);
    } else if (observer == DepthFirst.Observer.NONE) {
      var beginning = beginning(learned, findings, options);
      boolean resuming = keeper.filter(Keeper::isResuming).isPresent();
      boolean goesOn = resuming || isTooMuchForOne(beginning, options);
      beginningNanos = beginning.workersCpuNanos();
      if (goesOn) {
        restarts = beginning.restarts();
        search = new ParallelSearch(learned, findings, options, patience, keeper);
      }
    }
    var incomplete = search.search();
    learned.lookAgain(programs.get());
    long unmerged = search.states();
    if (options.merging() == Options.Merging.BISIMILAR && incomplete.isEmpty()) {
      Bisimulation.merge(learned.automaton, learned.roots);
      restarts = search.restarts();
      search = new DepthFirst(learned, findings, options, patience, observer);
      incomplete = search.search();
    }
    var counterexamples =
        new Counterexamples(
            programs,
            learned,
            options,
            patience,
            new Counterexamples.Searched(
                incomplete.isEmpty(), search.states(), search.transitions()));
    boolean looksForCycles = options.bounds().graphStates() > 0;
    if (looksForCycles && incomplete.isEmpty() && search.isCyclic()) {
      incomplete = counterexamples.addFairCycles(findings);
    }
    if (incomplete.isEmpty() && options.looksForStatics()) {
      incomplete = SharedStatics.missed(programs.get());
    }
    long workersNanos = beginningNanos + search.workersCpuNanos();
    var effort =
        new CheckResult.Effort(
            search.states(),
            search.transitions(),
            unmerged,
            learned.automaton.operations(),
            learned.runs(),
            restarts + search.restarts(),
            (cpuNanos() - cpuStart + workersNanos + before(keeper, Keeper::cpuNanos)) / 1e9,
            patience.seconds() + before(keeper, Keeper::wallNanos) / 1e9,
            Fingerprints.collisionProbability(search.states()));
    return CheckResult.of(findings, counterexamples, incomplete, Optional.empty(), effort);
  }

  private static boolean isTooMuchForOne(Pass beginning, Options options) {
    return beginning.search().isPresent() && beginning.states() > options.workers().from();
  }

  /// What the processes before this one took.
  private static long before(Optional<Keeper> keeper, ToLongFunction<Keeper> time) {
    return keeper.map(k -> time.applyAsLong(k)).orElse(0L);
  }

  /// Where vertices are merged, it is not known which are the images of which.
  private static Options possible(Options options) {
    return options.merging() == Options.Merging.OFF
        ? options
        : options.withReductions(options.reductions().without(Reduction.SYMMETRY));
  }

  /// The part of a search that is left to one worker, by which most of the tasks is learned.
  private static ParallelSearch beginning(Learned learned, Findings findings, Options options) {
    var first =
        options
            .withoutCheckpoint()
            .withWorkers(1)
            .withMaxStates(options.workers().from())
            .withProgress(Progress.NONE);
    return new ParallelSearch(
        learned, findings, first, new Patience(first), Optional.empty());
  }

  /// Executes one schedule with the second runner.
  ///
  /// @throws UnfitSchedule if the program cannot follow the schedule; says where
  /// @throws ProgramBug as [#run]
  public static Trace replay(Supplier<Program> programs, Schedule schedule) {
    return replay(programs, schedule, Guard.DEFAULT);
  }

  static Trace replay(Supplier<Program> programs, Schedule schedule, Guard guard) {
    return guard.runVirtual(() -> Replay.of(Pulse.watched(programs).get(), schedule));
  }

  static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
