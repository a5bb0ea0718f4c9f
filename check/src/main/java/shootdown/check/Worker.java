package shootdown.check;

import java.util.List;
import java.util.Optional;
import shootdown.check.Branches.Branch;

/// One of several threads that search together: depth-first from the states that it is handed, over
/// what no other worker has met. It hands on steps of the first states of its path where another
/// worker has nothing to do.
final class Worker implements Stepper.Watcher {
  private final ParallelSearch search;
  private final LearnedCopy learned;
  private final Stepper stepper;
  private final CycleSearch cycles;
  private final PathSet onPath = new PathSet();
  private final Frames frames;
  private final int tasks;
  private boolean quiet;
  private boolean underWay;
  private int base;

  private int answered;

  /// How much of the search is left to it, as of when it was last asked.
  volatile double share;

  long transitions;
  /// CPU time of its thread, as of when it last stood still.
  long cpuNanos;

  /// Whether it came back to a state on its path.
  boolean cameBack;

  /// Whether [CycleSearch] found a cycle.
  boolean foundCycle;
  private int news;

  Worker(ParallelSearch search, LearnedCopy.Original original, long seed) {
    this.search = search;
    learned = new LearnedCopy(original);
    tasks = original.learned.roots.length;
    frames = new Frames(tasks);
    stepper = learned.stepper(new Fingerprints(seed), this);
    cycles = new CycleSearch(learned, stepper, search::isOver);
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
    var run = search.expanded(frames.path(frames.depth + 1), Integer.MAX_VALUE);
    return new ProgramBug(bug.getMessage(), Recorded.schedule(run), bug.getCause());
  }

  private void explore(Branch branch) {
    goTo(branch);
    underWay = true;
    while (frames.depth >= base) {
      advance();
      if (search.branches.isWanted()) {
        frames.handOn().ifPresent(search.branches::give);
      }
      if ((transitions & 1023) == 0 && frames.depth >= base) {
        if (search.isOver()) {
          return;
        }
        search.pause(this);
        answer();
      }
    }
    underWay = false;
    share = 0;
    onPath.clear();
    search.met(news, frames.depth);
    news = 0;
  }

  private void answer() {
    if (answered != search.question) {
      answered = search.question;
      var none = learned.stepper(new Fingerprints(0), (_, _) -> {});
      share = Estimate.left(frames.left(base), none, learned::only);
    }
  }

  /// What it was handed and has not searched yet; asked while it stands still.
  Optional<Branch> left() {
    return underWay ? Optional.of(frames.left(base)) : Optional.empty();
  }

  /// Follows the way to a branch; what it meets there is known.
  private void goTo(Branch branch) {
    int length = branch.tasks().length;
    base = branch.base();
    frames.depth = -1;
    quiet = length > 0;
    stepper.reset();
    if (length == 0 && search.visited.add(stepper.fingerprint)) {
      news++;
    }
    for (int i = 0; i < length; i++) {
      enter();
      open(branch, i);
      frames.left(stepper, branch.tasks()[i], branch.choices()[i]);
      stepper.step(branch.tasks()[i], branch.choices()[i]);
    }
    quiet = false;
    enter();
    open(branch, length);
  }

  /// Sets what is left of the steps of a state on the way.
  private void open(Branch branch, int d) {
    int i = d - base;
    frames.nextTask[d] = i < 0 ? tasks : Math.max(branch.nextTask()[i], frames.nextTask[d]);
    frames.nextChoice[d] = i < 0 ? 0 : branch.nextChoice()[i];
    frames.moved[d] = i < 0 || branch.moved()[i];
  }

  /// Takes the next step from the state on top, or leaves it.
  private void advance() {
    int d = frames.depth;
    int only = frames.only[d];
    int t = frames.nextTask[d];
    while (t < tasks && !stepper.isEnabled(t)) {
      t = only >= 0 ? tasks : t + 1;
    }
    if (t >= tasks) {
      leave();
      return;
    }
    int c = frames.nextChoice[d];
    boolean more = c + 1 < stepper.choices(t);
    frames.nextChoice[d] = more ? c + 1 : 0;
    frames.nextTask[d] = more ? t : only >= 0 ? tasks : t + 1;
    frames.moved[d] = true;
    frames.left(stepper, t, c);
    transitions++;
    if (!stepper.step(t, c)) {
      frames.back(stepper);
      return;
    }
    lookForCycle(t);
    if (search.visited.add(stepper.fingerprint)) {
      if (++news == 256) {
        search.met(news, d);
        news = 0;
      }
      enter();
    } else {
      cameBack = cameBack || onPath.contains(stepper.fingerprint);
      frames.back(stepper);
    }
  }

  private void lookForCycle(int task) {
    if (!foundCycle && stepper.mayClose()) {
      int d = frames.depth;
      quiet = true;
      foundCycle = cycles.isOnOne(task, frames.moverAt[d], frames.mark[d]);
      quiet = false;
    }
  }

  private void enter() {
    int only = learned.only(stepper.at);
    frames.enter(stepper.fingerprint, only);
    onPath.push(stepper.fingerprint);
  }

  private void leave() {
    if (!frames.moved[frames.depth]) {
      search.rested(stepper, () -> search.whole(frames.path(frames.depth)));
    }
    frames.depth--;
    onPath.pop();
    if (frames.depth >= 0) {
      frames.back(stepper);
    }
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
    return frames.depth < 0
        ? search.beginning(task, operations)
        : search.expanded(frames.path(frames.depth + 1), operations);
  }
}
