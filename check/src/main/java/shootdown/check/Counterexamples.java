package shootdown.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import shootdown.sched.Program;

/// Makes what a search found presentable: shortens it where the state graph can be kept, and has
/// the second runner execute it.
final class Counterexamples {
  /// Room that is made for steps before they are met; more come one by one.
  private static final int MOST_STEPS = 1 << 26;

  private final Supplier<Program> programs;
  private final Learned learned;
  private final Options options;
  private final Patience patience;
  private final Searched searched;
  private Optional<StateGraph> graph = Optional.empty();
  private boolean recorded;
  private boolean tried;
  private String why = "too many states to look for livelocks";
  private Optional<Patience> rest = Optional.empty();
  private Optional<ShortestRuns> shortest = Optional.empty();
  private final Map<Found.What, StateGraph.Sight> best = new HashMap<>();
  private boolean isRestless;

  /// What the search met that is over.
  ///
  /// @param complete whether that is all
  /// @param states the graph has no fewer, if it is all
  /// @param steps and, about, as many steps
  record Searched(boolean complete, long states, long steps) {}

  Counterexamples(
      Supplier<Program> programs,
      Learned learned,
      Options options,
      Patience patience,
      Searched searched) {
    this.programs = programs;
    this.learned = learned;
    this.options = options;
    this.patience = patience;
    this.searched = searched;
  }

  /// The best runs, unless there are too many states or it takes too long.
  synchronized Optional<ShortestRuns> shortest() {
    if (!tried) {
      tried = true;
      try {
        shortest = graph().map(known -> new ShortestRuns(known, rest()));
        if (isRestless && shortest.isPresent()) {
          addEnds(new Findings(), livelocks(graph.get(), this::runs));
        } else {
          shortest.ifPresent(this::lookAround);
        }
      } catch (OutOfTime late) {
        why = late.getMessage();
      }
    }
    return shortest;
  }

  /// As [#shortest], where they are needed.
  ///
  /// @throws OutOfTime if they cannot be had
  private ShortestRuns runs() {
    return shortest().orElseThrow(() -> new OutOfTime(why));
  }

  /// The graph of all states, for all names, unless there are too many.
  private synchronized Optional<StateGraph> graph() {
    if (!recorded) {
      recorded = true;
      graph = record(plain());
    }
    return graph;
  }

  /// For what comes after the search, from when it is first wanted.
  private Patience rest() {
    if (rest.isEmpty()) {
      rest = Optional.of(patience.renewed(bounded(options)));
    }
    return rest.get();
  }

  /// Adds livelocks, and the ends of runs that never rest; tells why that was not possible, if so.
  Optional<String> addFairCycles(Findings findings) {
    try {
      return learned.images.isPresent() ? addUpToRenaming(findings) : addPlainly(findings);
    } catch (OutOfTime late) {
      return Optional.of(late.getMessage());
    }
  }

  /// Where there is no livelock, the graph up to renaming tells; if there is one, it is shown in
  /// the shortest way, and for all names, if the graph of all states can be kept.
  private Optional<String> addUpToRenaming(Findings findings) {
    var states = record(options);
    if (states.isEmpty()) {
      return Optional.of(why);
    }
    var livelocks = livelocks(states.get(), whenAsked(states.get()));
    if (!livelocks.isEmpty() && shortest().isPresent()) {
      return addPlainly(findings);
    }
    livelocks.addTo(findings);
    isRestless = !livelocks.idle().isEmpty();
    return isRestless ? search(options, livelocks.restless(findings)) : Optional.empty();
  }

  private Optional<String> addPlainly(Findings findings) {
    if (graph().isEmpty()) {
      return Optional.of(why);
    }
    var livelocks = livelocks(graph.get(), this::runs);
    livelocks.addTo(findings);
    return addEnds(findings, livelocks);
  }

  /// The shortest runs of a graph, which take about as long as the graph: searched once, if ever.
  private Supplier<ShortestRuns> whenAsked(StateGraph states) {
    var searched = new ArrayList<ShortestRuns>(1);
    return () -> {
      if (searched.isEmpty()) {
        searched.add(new ShortestRuns(states, rest()));
      }
      return searched.getFirst();
    };
  }

  private LivelockSearch livelocks(StateGraph states, Supplier<ShortestRuns> runs) {
    return new LivelockSearch(learned, states, runs, rest());
  }

  private Optional<String> addEnds(Findings findings, LivelockSearch livelocks) {
    if (livelocks.idle().isEmpty()) {
      return Optional.empty();
    }
    var gaveUp = search(plain(), livelocks.restless(findings));
    lookAround(runs());
    return gaveUp;
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
    var trace =
        Guard.DEFAULT.runVirtual(
            () -> Replay.compared(programs.get(), learned.program, shown));
    mustShow(shown, trace);
    boolean minimal =
        searched.complete
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

  private Optional<StateGraph> record(Options how) {
    long most = bounded(how).bounds().states();
    if (searched.complete && searched.states > most) {
      return Optional.empty();
    }
    int states = (int) Math.min(most, searched.states);
    int steps = (int) Math.min(MOST_STEPS, searched.steps);
    var recorded = new StateGraph(learned, states, steps);
    var gaveUp = search(how, recorded);
    if (gaveUp.isPresent() && searched.complete) {
      why = rest().isOutOfTime() ? gaveUp.get() : why;
      return Optional.empty();
    }
    recorded.complete();
    return Optional.of(recorded);
  }

  private Optional<String> search(Options how, DepthFirst.Observer observer) {
    return new DepthFirst(learned, new Findings(), bounded(how), rest(), observer).search();
  }

  /// All states are wanted where all names are, and the shortest of all runs.
  private Options plain() {
    return options.withReductions(options.reductions().without(Reduction.SYMMETRY));
  }

  private Options bounded(Options how) {
    long most = Math.min(options.bounds().graphStates(), options.bounds().states());
    return how.withoutCheckpoint().withMaxStates(most).withProgress(Progress.NONE);
  }
}
