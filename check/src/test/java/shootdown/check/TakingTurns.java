package shootdown.check;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import shootdown.check.generated.GeneratedProgram;
import shootdown.sched.Program;

/// Several workers on one thread. Whose turn it is, for how many steps, and who hands on what is
/// left to it is random, and the same for the same seed; so small programs are handed on after any
/// step, and what goes wrong can be done again.
final class TakingTurns {
  private final Random random;
  private final int longest;
  private ParallelSearch search;
  private long handedOn;

  private TakingTurns(long seed) {
    random = new Random(seed);
    longest = 1 + random.nextInt(4);
  }

  /// What such a search meets.
  ///
  /// @param foundCycle by looking for cycles, not by coming back to its own path
  /// @param handedOn how often
  record Seen(
      long states,
      long transitions,
      Verdict ends,
      boolean foundCycle,
      long handedOn) {}

  /// Searches.
  ///
  /// @param learned before, or nothing yet
  /// @param options with the number of workers
  static Seen search(Learned learned, Options options, long seed) {
    var turns = new TakingTurns(seed);
    var findings = new Findings();
    var search =
        new ParallelSearch(
            learned, findings, options, new Patience(options), Optional.empty());
    turns.search = search;
    search.crew = turns::work;
    search.refining = seed % 2 == 0 ? CycleSearch.REFINING : 0;
    var gaveUp = search.search();
    if (gaveUp.isPresent()) {
      throw new AssertionError(gaveUp.get());
    }
    return new Seen(
        search.states(),
        search.transitions(),
        Verdict.of(findings),
        search.foundCycle(),
        turns.handedOn);
  }

  private void work(List<Worker> workers) {
    while (!search.isOver()) {
      var worker = workers.get(random.nextInt(workers.size()));
      if (worker.isUnderWay()) {
        goOn(worker);
      } else if (!search.branches.waiting().isEmpty()) {
        worker.begin(search.branches.take().orElseThrow());
      } else if (workers.stream().noneMatch(Worker::isUnderWay)) {
        return;
      }
    }
  }

  private void goOn(Worker worker) {
    worker.goOn(1 + random.nextInt(longest));
    if (worker.isUnderWay() && random.nextInt(longest) == 0) {
      int before = search.branches.waiting().size();
      worker.handOn();
      handedOn += search.branches.waiting().size() - before;
    }
  }
}
