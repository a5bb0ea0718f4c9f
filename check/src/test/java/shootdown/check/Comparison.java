package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import shootdown.check.generated.GeneratedProgram;
import shootdown.sched.Program;

/// Everything that must be equal for one small program: the second runner, the plain search and the
/// reduced ones; other hashes, other numbers of tasks, more workers.
final class Comparison {
  private static final int MAX_STATES = 20_000;
  private static final int MANY_PREEMPTIONS = 100;
  private static final Workers TWO = new Workers(2, 0);
  private static final List<Workers> SEVERAL = List.of(TWO, new Workers(3, 0));
  private static final Options PLAIN =
      Options.DEFAULT.withReductions(Reductions.NONE).withMaxStates(MAX_STATES);
  private static final Options REDUCED =
      Options.DEFAULT.withReductions(Reductions.ALL).withMaxStates(MAX_STATES);

  private static final List<Reductions> OF_WORKERS =
      List.of(
          Reductions.ALL,
          Reductions.NONE,
          Reductions.of(Reduction.SLEEP_SETS),
          Reductions.ALL.without(Reduction.SLEEP_SETS));

  /// Each reduction is left out once, and each is alone once.
  private static final List<Reductions> REDUCTIONS =
      List.of(
          Reductions.ALL.without(Reduction.PRIVATE_WORDS),
          Reductions.ALL.without(Reduction.LOCKED_WORDS),
          Reductions.ALL.without(Reduction.LOCK_MOVERS),
          Reductions.ALL.without(Reduction.LOCAL_CHOICES),
          Reductions.ALL.without(Reduction.LOCAL_CHOICES, Reduction.SLEEP_SETS),
          Reductions.of(Reduction.PRIVATE_WORDS),
          Reductions.of(Reduction.LOCKED_WORDS),
          Reductions.of(Reduction.LOCK_MOVERS),
          Reductions.of(Reduction.LOCAL_CHOICES));

  private final GeneratedProgram source;
  private final DepthFirst.Observer fault;
  private final CheckResult plain;
  private final CheckResult reduced;

  private Comparison(GeneratedProgram source, DepthFirst.Observer fault) {
    this.source = source;
    this.fault = fault;
    plain = check(source::build, PLAIN);
    reduced = check(source::build, REDUCED);
  }

  /// Compares all that one thread finds.
  static void of(GeneratedProgram source) {
    of(source, DepthFirst.Observer.NONE);
  }

  /// The same of searches with a fault.
  static void of(GeneratedProgram source, DepthFirst.Observer fault) {
    var comparison = new Comparison(source, fault);
    comparison.withTheSecondRunner();
    comparison.withReductions();
    comparison.withSymmetry();
    comparison.withSleepSets();
    comparison.withOtherOrders();
  }

  /// Compares what two threads find with what one does.
  static void ofWorkers(GeneratedProgram source) {
    new Comparison(source, DepthFirst.Observer.NONE).withTwoWorkers();
  }

  /// Compares what several workers find that take turns, and hand on after a few steps, with what
  /// one finds.
  ///
  /// @return how often they handed on
  static long ofTurns(GeneratedProgram source) {
    return ofTurns(source, 2);
  }

  /// The same in so many orders of turns.
  static long ofTurns(GeneratedProgram source, int orders) {
    long handedOn = 0;
    for (var reductions : OF_WORKERS) {
      handedOn += ofTurns(source.toString(), source::build, reductions, orders);
      handedOn += ofTurns(source.toString(), source::buildReversed, reductions, orders);
    }
    return handedOn;
  }

  private static long ofTurns(
      String source, Supplier<Program> programs, Reductions which, int orders) {
    var options = Options.DEFAULT.withReductions(which).withMaxStates(MAX_STATES);
    var learned = new Learned(programs.get(), which);
    var findings = new Findings();
    var one = new DepthFirst(learned, findings, options);
    one.search();
    long handedOn = 0;
    for (int i = 0; i < orders * SEVERAL.size(); i++) {
      var workers = SEVERAL.get(i / orders);
      var known = i % 2 == 0 ? learned : new Learned(programs.get(), which);
      var seen = TakingTurns.search(known, options.withWorkers(workers), i);
      Supplier<String> where = () -> which + " " + workers + "\n  " + source;
      assertEquals(Verdict.of(findings), seen.ends(), where);
      assertEquals(one.states(), seen.states(), where);
      assertEquals(one.transitions(), seen.transitions(), where);
      assertEquals(one.isCyclic(), seen.foundCycle(), where);
      handedOn += seen.handedOn();
    }
    return handedOn;
  }

  /// The second runner and the plain search, step for step.
  private void withTheSecondRunner() {
    var seen = SecondGraph.explore(source.build(), MAX_STATES);
    assertEquals(seen.result().states(), plain.effort().states(), this::where);
    assertEquals(seen.result().transitions(), plain.effort().transitions(), this::where);
    var second = Verdict.of(seen);
    var first = Verdict.of(plain);
    assertEquals(second.violations(), first.violations(), this::where);
    assertEquals(second.livelock(), first.livelock(), this::where);
    if (source.daemon()) {
      withEndsThatNeverRest(seen, first);
    } else {
      assertEquals(second.outcomes(), first.outcomes(), this::where);
    }
  }

  /// Where only daemons go on for ever, the run is over somewhere there. The second runner does not
  /// know where a turn begins, so it knows bounds of what the ends are.
  private void withEndsThatNeverRest(SecondGraph.Seen seen, Verdict first) {
    assertTrue(first.outcomes().containsAll(seen.result().outcomes()), this::where);
    var most = new TreeSet<>(seen.result().outcomes());
    for (var endless : seen.endless()) {
      if (!endless.isLivelock()) {
        most.addAll(endless.outcomes());
        assertTrue(
            endless.outcomes().stream().anyMatch(first.outcomes()::contains), this::where);
      }
    }
    assertTrue(most.containsAll(first.outcomes()), this::where);
  }

  private void withReductions() {
    var expected = Verdict.of(plain);
    assertEquals(expected, Verdict.of(reduced), this::where);
    for (var reductions : REDUCTIONS) {
      var other = check(source::build, REDUCED.withReductions(reductions));
      assertEquals(expected, Verdict.of(other), () -> reductions + where());
    }
    withPreemptions(expected);
  }

  /// As many as runs need; where the search itself once goes by a way that takes more, it says so
  /// and looks for no livelock, and has met all the same.
  private void withPreemptions(Verdict expected) {
    var options = REDUCED.withSearch(new Search.Preemptions(MANY_PREEMPTIONS));
    var bounded = Check.run(source::build, options);
    var found = Verdict.of(bounded);
    assertEquals(expected.outcomes(), found.outcomes(), this::where);
    assertEquals(expected.violations(), found.violations(), this::where);
    if (bounded.isComplete()) {
      assertEquals(expected.livelock(), found.livelock(), this::where);
    } else {
      String many = "complete up to " + MANY_PREEMPTIONS + " preemptions";
      String why = bounded.incomplete().orElseThrow();
      assertTrue(why.startsWith(many), () -> why + where());
    }
  }

  private void withSymmetry() {
    if (source.isAlike()) {
      for (var options : List.of(PLAIN, REDUCED)) {
        var symmetric = options.withReductions(options.reductions().with(Reduction.SYMMETRY));
        var upToRenaming = check(source::buildAlike, symmetric);
        assertEquals(Verdict.of(plain), Verdict.of(upToRenaming), this::where);
        assertTrue(upToRenaming.effort().states() <= plain.effort().states(), this::where);
      }
    }
  }

  /// They leave out steps that are counted all the same, and no states.
  private void withSleepSets() {
    for (var without : REDUCTIONS) {
      var options = REDUCED.withReductions(without.without(Reduction.SLEEP_SETS));
      var with = REDUCED.withReductions(without.with(Reduction.SLEEP_SETS));
      mustCountTheSame(check(source::build, options), check(source::build, with));
    }
    var sleeping = PLAIN.withReductions(Reductions.of(Reduction.SLEEP_SETS));
    mustCountTheSame(plain, check(source::build, sleeping));
    mustCountTheSame(plain, check(source::buildReversed, sleeping));
    var awake = REDUCED.withReductions(Reductions.ALL.without(Reduction.SLEEP_SETS));
    mustCountTheSame(reduced, check(source::build, awake));
  }

  private void withOtherOrders() {
    mustCountTheSame(plain, check(source::build, PLAIN.withSeed(77)));
    mustCountTheSame(reduced, check(source::build, REDUCED.withSeed(77)));
    mustCountTheSame(plain, check(source::buildReversed, PLAIN));
    var reversed = check(source::buildReversed, REDUCED);
    assertEquals(Verdict.of(plain), Verdict.of(reversed), this::where);
  }

  private void withTwoWorkers() {
    mustCountTheSame(plain, check(source::build, PLAIN.withWorkers(TWO)));
    mustCountTheSame(reduced, check(source::build, REDUCED.withWorkers(TWO)));
    var sleeping = PLAIN.withReductions(Reductions.of(Reduction.SLEEP_SETS)).withWorkers(TWO);
    mustCountTheSame(plain, check(source::build, sleeping));
  }

  private void mustCountTheSame(CheckResult one, CheckResult other) {
    assertEquals(Verdict.of(one), Verdict.of(other), this::where);
    assertEquals(one.effort().states(), other.effort().states(), this::where);
    assertEquals(one.effort().transitions(), other.effort().transitions(), this::where);
  }

  private CheckResult check(Supplier<Program> programs, Options options) {
    boolean alone =
        options.search() instanceof Search.Exhaustive && options.workers().count() == 1;
    var result =
        alone ? Check.run(programs, options, fault) : Check.run(programs, options);
    assertTrue(result.isComplete(), () -> result.incomplete().orElseThrow() + where());
    return result;
  }

  private String where() {
    return "\n  " + source;
  }
}
