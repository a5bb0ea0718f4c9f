package shootdown.model;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import shootdown.check.Check;
import shootdown.check.CheckResult;
import shootdown.check.Checkpoint;
import shootdown.check.Finding;
import shootdown.check.Options;
import shootdown.check.Schedule;
import shootdown.check.Trace;
import shootdown.check.UnfitSchedule;
import shootdown.kernel.Timeline;
import shootdown.kernel.futex.Futex;
import shootdown.kernel.history.KernelSpec;
import shootdown.litmus.Condition;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Oracle;
import shootdown.litmus.Printer;
import shootdown.litmus.ResultLine;
import shootdown.machine.Machine;
import shootdown.machine.MachineProfile;
import shootdown.sched.Mutation;
import shootdown.sched.Violation;

/// One test on one kernel and one machine, ready to run.
public final class Planned {
  /// How [TestResult#incomplete] begins where a run met a limit of the model.
  public static final String LIMIT = "a limit of the model: ";

  private final LitmusTest test;
  private final String file;
  private final KernelSpec kernel;
  private final MachineProfile machine;
  private final CheckRequest request;
  private final Optional<Checkpoint> checkpoint;

  Planned(
      LitmusTest test,
      String file,
      KernelSpec kernel,
      MachineProfile machine,
      CheckRequest request) {
    this(test, file, kernel, machine, request, Optional.empty());
  }

  private Planned(
      LitmusTest test,
      String file,
      KernelSpec kernel,
      MachineProfile machine,
      CheckRequest request,
      Optional<Checkpoint> checkpoint) {
    this.checkpoint = checkpoint;
    this.test = test;
    this.file = file;
    this.kernel = kernel;
    this.machine = machine;
    this.request = request;
  }

  /// The same, whose search is kept and goes on from what was kept.
  public Planned keptIn(Checkpoint where) {
    return new Planned(test, file, kernel, machine, request, Optional.of(where));
  }

  public String test() {
    return test.name();
  }

  public String kernel() {
    return kernel.text();
  }

  public String machine() {
    return machine.name();
  }

  /// Explores the test, or replays the one interleaving that was asked for; makes an execution
  /// worth showing.
  ///
  /// @throws UnfitSchedule if it cannot be replayed; see [#misfit]
  public TestResult run() {
    return run(_ -> true);
  }

  /// Explores the test; shows no execution.
  public TestResult explore() {
    return run(_ -> false);
  }

  /// As [#run()], but makes an execution only of results that are to be shown with one: that takes
  /// searches of its own, for the best one, and a run by the second runner.
  public TestResult run(Predicate<TestResult> shows) {
    LitmusProgram bound;
    try {
      bound = bind();
    } catch (Sequential.Failed failed) {
      return unable("the initial state: " + failed.getMessage());
    }
    if (request.schedule().isPresent()) {
      return replay(bound, Schedule.parse(request.schedule().get()));
    }
    var result = Check.run(() -> bind().program(), options());
    return judge(bound, result, shows);
  }

  /// The test in simulated time.
  ///
  /// @param pauseNanos threads do something else for up to so long before each statement
  /// @throws BadRequest if its initial state cannot be brought about
  public Simulated simulated(double pauseNanos) throws BadRequest {
    try {
      var bound = bind();
      bound.pauseUpTo(pauseNanos);
      return new Simulated(test, bound);
    } catch (Sequential.Failed failed) {
      throw new BadRequest(test() + ": the initial state: " + failed.getMessage());
    }
  }

  /// The sites that one interleaving comes by.
  public Set<String> sitesOf(String schedule) {
    var sites = Mutation.recording();
    Check.replay(
        () -> LitmusProgram.of(test, kernel, machine, sites).program(), Schedule.parse(schedule));
    return sites.met().keySet();
  }

  /// Why the one interleaving that was asked for is none of the test, if so: with its first
  /// operation that does not fit.
  public Optional<String> misfit() {
    if (request.schedule().isEmpty()) {
      return Optional.empty();
    }
    var schedule = Schedule.parse(request.schedule().get());
    try {
      replay(bind(), schedule);
      return Optional.empty();
    } catch (Sequential.Failed failed) {
      // Nothing can be run, with any schedule: the result says that.
      return Optional.empty();
    } catch (UnfitSchedule unfit) {
      return Optional.of(
          test() + " " + kernel() + " " + machine() + " cannot follow the schedule: operation "
              + (unfit.decision() + 1) + " of " + schedule.length() + " (in '"
              + Schedule.partOf(request.schedule().get(), unfit.decision()) + "'): "
              + unfit.why());
    }
  }

  private TestResult replay(LitmusProgram bound, Schedule schedule) {
    Trace trace = Check.replay(() -> bind().program(), schedule);
    var replayed = new Replayed(bound, schedule, trace);
    return result(
        observation(replayed.endings(), false),
        replayed.violations(),
        Optional.of(TestResult.REPLAYED),
        replayed.endings(),
        new TestResult.Effort(schedule.length(), schedule.length(), 0, 0),
        Optional.of(replayed.execution()));
  }

  private LitmusProgram bind() {
    return LitmusProgram.of(test, kernel, machine, request.mutation());
  }

  private Options options() {
    var options =
        Options.DEFAULT
            .withSearch(request.search())
            .withSeed(request.seed())
            .withMaxStates(request.maxStates())
            .withMemory(request.memory())
            .withWorkers(request.workers())
            .withProgress(request.progress()::at)
            .withoutLookingForStatics(); // StaticsTest looks through all of this code, once
    var timed = request.time().map(options::withTimeLimit).orElse(options);
    return checkpoint.map(timed::withCheckpoint).orElse(timed);
  }

  private TestResult judge(
      LitmusProgram bound, CheckResult result, Predicate<TestResult> shows) {
    var limits =
        result.violations().stream()
            .map(f -> f.violation().orElseThrow())
            .filter(v -> v.property().equals(Machine.LIMIT))
            .toList();
    var incomplete =
        result
            .incomplete()
            .or(() -> limits.stream().findFirst().map(Planned::limit))
            .or(this::weakOrder);
    var endings =
        result.outcomes().keySet().stream()
            .map(text -> new Ending(text, bound.satisfies(text)))
            .sorted(Comparator.comparing(Ending::text))
            .toList();
    var violated = violations(result);
    var violations = violated.keySet().stream().toList();
    var judged =
        result(
            observation(endings, incomplete.isEmpty()),
            violations,
            incomplete,
            endings,
            effort(result),
            Optional.empty());
    return worthShowing(result, violated, endings)
        .filter(_ -> shows.test(judged))
        .map(finding -> judged.shownBy(show(finding, bound)))
        .orElse(judged);
  }

  /// With what the test states, compared, unless one interleaving was replayed.
  private TestResult result(
      Optional<Observation> observation,
      List<Violated> violations,
      Optional<String> incomplete,
      List<Ending> endings,
      TestResult.Effort effort,
      Optional<TestResult.Execution> shown) {
    var stated =
        request.schedule().isPresent()
            ? Optional.<ResultLine>empty()
            : Expectations.of(test, kernel.text(), machine.name());
    return new TestResult(
        test.name(),
        file,
        kernel.text(),
        machine.name(),
        observation,
        condition(),
        violations,
        stated.map(Expectations::show),
        stated.flatMap(
            l -> Expectations.met(l, observation, violations, incomplete.isEmpty())),
        incomplete,
        endings,
        effort,
        shown);
  }

  private static TestResult.Execution show(Finding finding, LitmusProgram bound) {
    return Executions.of(
        finding.counterexample(), bound.columns(), finding.violation().orElse(null));
  }

  private static TestResult.Effort effort(CheckResult result) {
    var effort = result.effort();
    return new TestResult.Effort(
        effort.states(),
        effort.transitions(),
        effort.cpuSeconds(),
        effort.collisionProbability(),
        result.coverage());
  }

  private static String limit(Violation violation) {
    return LIMIT + violation.message();
  }

  private Optional<String> weakOrder() {
    return machine.order() == MachineProfile.MemoryOrder.WEAK
            && StoreOrder.isWeakOrderVisible(
                test, Futex.letsStoresWait(kernel.decisions(Timeline.all())))
        ? Optional.of(
            "orders weaker than TSO are not modelled, and this test could show them on "
                + machine.name())
        : Optional.empty();
  }

  private Optional<Finding> worthShowing(
      CheckResult result, Map<Violated, Finding> violated, List<Ending> endings) {
    return violated.values().stream()
        .findFirst()
        .or(
            () ->
                endings.stream()
                    .filter(Ending::satisfies)
                    .findFirst()
                    .map(e -> result.outcomes().get(e.text())));
  }

  /// The first violation of each oracle, in the order of [Oracle].
  private static Map<Violated, Finding> violations(CheckResult result) {
    Map<Oracle, Finding> first = new LinkedHashMap<>();
    for (var finding : result.violations()) {
      var violation = finding.violation().orElseThrow();
      oracle(violation).ifPresent(o -> first.putIfAbsent(o, finding));
    }
    var ordered = new LinkedHashMap<Violated, Finding>();
    for (var oracle : Oracle.values()) {
      var finding = first.get(oracle);
      if (finding != null) {
        ordered.put(
            new Violated(oracle.label(), finding.violation().orElseThrow().message()), finding);
      }
    }
    return ordered;
  }

  static Optional<Oracle> oracle(Violation violation) {
    return switch (violation.property()) {
      case Machine.LIMIT -> Optional.empty();
      case Violation.LOCK_MISUSE -> Optional.of(Oracle.KERNEL_BUG);
      default ->
          Optional.of(
              Oracle.of(violation.property())
                  .orElseThrow(
                      () -> new IllegalStateException("no oracle " + violation.property())));
    };
  }

  private Optional<Observation> observation(List<Ending> endings, boolean complete) {
    if (test.condition() instanceof Condition.None) {
      return Optional.empty();
    }
    long satisfied = endings.stream().filter(Ending::satisfies).count();
    if (satisfied > 0 && satisfied < endings.size()) {
      return Optional.of(Observation.SOMETIMES);
    }
    if (!complete) {
      return Optional.of(Observation.UNKNOWN);
    }
    return Optional.of(satisfied == 0 ? Observation.NEVER : Observation.ALWAYS);
  }

  private Optional<String> condition() {
    return test.condition() instanceof Condition.Over
        ? Optional.of(Printer.print(test.condition()))
        : Optional.empty();
  }

  private TestResult unable(String why) {
    return result(
        observation(List.of(), false),
        List.of(),
        Optional.of(why),
        List.of(),
        new TestResult.Effort(0, 0, 0, 0),
        Optional.empty());
  }
}
