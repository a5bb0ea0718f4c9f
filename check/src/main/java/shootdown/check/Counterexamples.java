package shootdown.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import shootdown.sched.Program;

/// Makes what a search found presentable: shortens it where the state graph can be kept, and has
/// the second runner execute it.
final class Counterexamples {
  private final Supplier<Program> programs;
  private final Learned learned;
  private final Options options;
  private final Patience patience;
  private final boolean complete;
  private Optional<StateGraph> graph = Optional.empty();
  private boolean tried;
  private String why = "too many states to look for livelocks";
  private Optional<Patience> rest = Optional.empty();
  private Optional<ShortestRuns> shortest = Optional.empty();
  private final Map<Found.What, StateGraph.Sight> best = new HashMap<>();

  Counterexamples(
      Supplier<Program> programs,
      Learned learned,
      Options options,
      Patience patience,
      boolean complete) {
    this.programs = programs;
    this.learned = learned;
    this.options = options;
    this.patience = patience;
    this.complete = complete;
  }

  /// The best runs, unless there are too many states or it takes too long.
  synchronized Optional<ShortestRuns> shortest() {
    if (!tried) {
      tried = true;
      try {
        graph = record();
        shortest = graph.map(known -> new ShortestRuns(known, rest()));
        shortest.ifPresent(this::lookAround);
      } catch (OutOfTime late) {
        why = late.getMessage();
      }
    }
    return shortest;
  }

  /// For what comes after the search, from when it is first wanted.
  private Patience rest() {
    if (rest.isEmpty()) {
      rest = Optional.of(patience.renewed(bounded()));
    }
    return rest.get();
  }

  /// Adds livelocks, and the ends of runs that never rest; tells why that was not possible, if so.
  Optional<String> addFairCycles(Findings findings) {
    if (shortest().isEmpty()) {
      return Optional.of(why);
    }
    var runs = shortest.orElseThrow();
    var states = graph.orElseThrow();
    try {
      var livelocks = new LivelockSearch(learned, states, runs, rest());
      for (var found : livelocks.search()) {
        findings.violations.put(found.violation().orElseThrow(), found);
      }
      if (livelocks.idle().isEmpty()) {
        return Optional.empty();
      }
      var gaveUp = search(new Restless(learned, states, runs, findings, livelocks.idle()));
      lookAround(runs);
      return gaveUp;
    } catch (OutOfTime late) {
      return Optional.of(late.getMessage());
    }
  }

  private void lookAround(ShortestRuns runs) {
    graph.orElseThrow().sights().forEach(sight -> keepBest(runs, sight));
  }

  /// The best run that shows what `found` shows, as executed by the second runner.
  ///
  /// @throws CheckerBug if the second runner does something else
  Counterexample of(Found found) {
    var runs = shortest();
    var sight = Optional.ofNullable(best.get(found.what()));
    boolean isLasso = !found.cycle().isEmpty();
    boolean shortened = runs.isPresent() && sight.isPresent() && !isLasso;
    var shown = shortened ? shorter(found, runs.orElseThrow(), sight.orElseThrow()) : found;
    var trace = Replay.compared(programs.get(), learned.program, shown);
    mustShow(shown, trace);
    boolean minimal =
        complete
            && (shortened || isLasso)
            && runs.filter(ShortestRuns::countsSwitches).isPresent();
    return new Counterexample(
        shown.schedule(), Recorded.schedule(shown.cycle()), trace, minimal);
  }

  private void keepBest(ShortestRuns runs, StateGraph.Sight sight) {
    best.merge(sight.what(), sight, (a, b) -> runs.cost(b) < runs.cost(a) ? b : a);
  }

  private Found shorter(Found found, ShortestRuns runs, StateGraph.Sight sight) {
    var steps = graph.orElseThrow().decisions(runs.to(sight));
    boolean atEnd = sight.step() < 0;
    boolean first = atEnd && steps.size() == 0;
    if (first && found.run().size() > 0 && found.violation().isPresent()) {
      return found;
    }
    return new Found(
        found.what(),
        atEnd
            ? Expansion.whole(learned, steps)
            : Expansion.of(learned, steps, sight.operations()),
        List.of());
  }

  private static void mustShow(Found found, Trace trace) {
    boolean shows =
        !found.cycle().isEmpty()
            || switch (found.what()) {
              case Found.What.Violated(var violation) -> trace.violations().contains(violation);
              case Found.What.Ended(var outcome) -> trace.outcome().equals(Optional.of(outcome));
            };
    if (!shows) {
      throw new CheckerBug(
          "the second runner does not see "
              + found.what()
              + " but "
              + trace.violations()
              + trace.outcome()
              + "\n  schedule: "
              + found.schedule());
    }
  }

  private Optional<StateGraph> record() {
    var recorded = new StateGraph(learned);
    var gaveUp = search(recorded);
    if (gaveUp.isPresent() && complete) {
      why = rest().isOutOfTime() ? gaveUp.get() : why;
      return Optional.empty();
    }
    recorded.complete();
    return Optional.of(recorded);
  }

  private Optional<String> search(DepthFirst.Observer observer) {
    return new DepthFirst(learned, new Findings(), bounded(), rest(), observer).search();
  }

  private Options bounded() {
    long most = Math.min(options.bounds().graphStates(), options.bounds().states());
    // All states are wanted here: who goes round, and the shortest of all runs.
    return options
        .withoutCheckpoint()
        .withMaxStates(most)
        .withProgress(Progress.NONE)
        .withReductions(options.reductions().withoutSymmetry());
  }
}
