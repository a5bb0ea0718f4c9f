package shootdown.check;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The ends of runs that never come to rest: all tasks but daemons have ended or sleep, and daemons
/// go on for ever. Such a run is over wherever all daemons that can go on begin a turn of a loop.
///
/// The state graph holds no memory, so the search is done once more to look at it. Up to renaming,
/// all images of a state are looked at.
final class Restless implements DepthFirst.Observer {
  private final Learned learned;
  private final StateGraph graph;
  private final Optional<Mirror> mirror;
  private final ShortestRuns runs;
  private final Findings findings;
  private final Rest rest;
  private final BitSet ends = new BitSet();
  private int entered;

  Restless(
      Learned learned,
      StateGraph graph,
      ShortestRuns runs,
      Findings findings,
      List<Livelocks.Trap> traps) {
    this.learned = learned;
    this.graph = graph;
    this.runs = runs;
    this.findings = findings;
    rest = new Rest(learned);
    mirror =
        learned.images.filter(_ -> graph.isUpToRenaming()).map(all -> new Mirror(learned, all));
    for (var trap : traps) {
      for (int state : trap.states()) {
        ends.set(state);
      }
    }
  }

  @Override
  public void begun() {
    entered = 0;
  }

  @Override
  public void entered(Stepper state) {
    int number = entered++;
    if (!ends.get(number) || !allBeginATurn(learned, state)) {
      return;
    }
    if (mirror.isEmpty()) {
      ends(number, state.memory, () -> run(number));
      return;
    }
    for (var image : mirror.get().ends(state.memory, state.at)) {
      ends(number, image.memory(), () -> run(number, mirror.get().names(image.by())));
    }
  }

  private void ends(int number, long[] memory, Supplier<List<Recorded>> run) {
    String outcome = rest.outcome(memory);
    findings.outcome(outcome, run);
    graph.see(new Found.What.Ended(outcome), number);
    for (var violation : rest.violations(memory)) {
      findings.violation(violation, run);
      graph.see(new Found.What.Violated(violation), number);
    }
  }

  /// Whether all tasks that can go on begin a turn of a loop.
  static boolean allBeginATurn(Learned learned, Stepper state) {
    for (int t = 0; t < state.at.length; t++) {
      if (state.isEnabled(t) && !learned.automaton.isHead(state.at[t])) {
        return false;
      }
    }
    return true;
  }

  private List<Recorded> run(int state) {
    return Expansion.whole(learned, graph.decisions(runs.to(state)));
  }

  /// A run to what a renaming makes of a state.
  private List<Recorded> run(int state, int[] image) {
    int[] steps = runs.to(state);
    var permutations = graph.permutations();
    int back = permutations.inverse(graph.renaming(steps));
    int first = permutations.then(back, permutations.of(image));
    return Expansion.whole(learned, graph.decisions(steps, first));
  }
}
