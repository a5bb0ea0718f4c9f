package shootdown.check;

import java.util.List;
import java.util.Optional;
import shootdown.check.Branches.Branch;

/// One of several threads that search together: depth-first from the states that it is handed, over
/// what no other worker has met. It hands on steps of the first states of its path where another
/// worker has nothing to do.
final class Worker implements Stepper.Watcher, SearchPath.Owner {
  private final ParallelSearch search;
  private final LearnedCopy learned;
  private final Stepper stepper;
  private final CycleSearch cycles;
  private final SearchPath path;
  private boolean quiet;
  private boolean underWay;
  private int base;

  private int answered;

  /// How much of the search is left to it, as of when it was last asked or began with something.
  volatile double share;

  /// CPU time of its thread, as of when it last stood still.
  long cpuNanos;

  /// Whether [CycleSearch] found a cycle.
  boolean foundCycle;

  Worker(ParallelSearch search, LearnedCopy.Original original, Options options) {
    this.search = search;
    learned = new LearnedCopy(original);
    stepper = learned.stepper(new Fingerprints(options.seed()), this);
    path = new SearchPath(stepper, this, options.reductions());
    cycles = new CycleSearch(learned, stepper, search.refining, search::isOver);
  }

  /// Steps that it has taken.
  long transitions() {
    return path.transitions;
  }

  /// Whether it came back to a state on its path.
  boolean cameBack() {
    return path.cameBack;
  }

  /// Searches what it is handed, until nothing is left.
  void run() {
    try {
      for (var branch = search.branches.take();
          branch.isPresent();
          branch = search.branches.take()) {
        explore(branch.get());
      }
    } catch (ProgramBug bug) {
      search.fail(located(bug));
    }
  }

  private ProgramBug located(ProgramBug bug) {
    return bug.after(
        () ->
            Recorded.schedule(
                search.expanded(path.steps(path.depth + 1), Integer.MAX_VALUE)));
  }

  private void explore(Branch branch) {
    begin(branch);
    while (underWay && !search.isOver()) {
      goOn(search.slice);
      if (underWay) {
        if (search.branches.isWanted()) {
          handOn();
        }
        search.pause(this);
        answer();
      }
    }
    share = 0;
  }

  /// Takes on what it is handed.
  void begin(Branch branch) {
    goTo(branch);
    underWay = true;
    share = left(branch);
  }

  /// Whether something is left of what it was handed.
  boolean isUnderWay() {
    return underWay;
  }

  /// Searches on for some steps.
  void goOn(int steps) {
    path.goOn(base, steps, Integer.MAX_VALUE);
    search.met(path.news, path.depth);
    path.news = 0;
    underWay = path.depth >= base;
  }

  /// Gives others some of what is left to it, if there is more than one thing.
  void handOn() {
    path.handOn().ifPresent(search.branches::give);
  }

  private void answer() {
    if (answered != search.question) {
      answered = search.question;
      share = left(path.left(base));
    }
  }

  private double left(Branch branch) {
    var state = learned.stepper(new Fingerprints(0), (_, _) -> {});
    return Estimate.left(branch, state, learned::only);
  }

  /// What it was handed and has not searched yet; asked while it stands still.
  Optional<Branch> left() {
    return underWay ? Optional.of(path.left(base)) : Optional.empty();
  }

  /// Follows the way to a branch; what it meets there is known.
  private void goTo(Branch branch) {
    int length = branch.tasks().length;
    base = branch.base();
    quiet = length > 0;
    path.clear(search.visited);
    if (length == 0 && search.visited.add(stepper.fingerprint)) {
      path.news++;
    }
    for (int i = 0; i < length; i++) {
      path.enter();
      open(branch, i);
      path.follow(branch.tasks()[i], branch.choices()[i]);
    }
    quiet = false;
    path.enter();
    open(branch, length);
  }

  /// Sets what is left of the steps of a state on the way.
  private void open(Branch branch, int d) {
    int i = d - base;
    if (i < 0) {
      path.close();
    } else {
      int next = Math.max(branch.nextTask()[i], path.first());
      path.open(next, branch.nextChoice()[i], branch.moved()[i]);
    }
  }

  @Override
  public boolean looksForCycles() {
    return true;
  }

  @Override
  public void closed(int task) {
    if (!foundCycle) {
      int d = path.depth;
      quiet = true;
      foundCycle = cycles.isOnOne(task, path.moverAt(d), path.mark(d));
      quiet = false;
    }
  }

  @Override
  public int only(int[] at) {
    return learned.only(at);
  }

  @Override
  public void rested() {
    search.rested(stepper, () -> search.whole(path.steps(path.depth)));
  }

  @Override
  public void violated(int task, long id) {
    if (!quiet) {
      search.violated(id, () -> run(task));
    }
  }

  /// The operations until now, from within a step.
  private List<Recorded> run(int task) {
    int operations = stepper.operations;
    return path.depth < 0
        ? search.beginning(task, operations)
        : search.expanded(path.steps(path.depth + 1), operations);
  }
}
