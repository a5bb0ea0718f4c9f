package shootdown.check;

import java.util.Arrays;
import java.util.Optional;
import shootdown.sched.Task;

/// A depth-first search that need not cover all: [Rules] say in which order tasks are tried and
/// from which states it goes on, and preemptions may be bounded. (The plain one is [DepthFirst],
/// which does not pay for that.)
///
/// A preemption is a step of another task while the task that stepped last could go on. A daemon's
/// step is none: it may happen at any time, and the task that it interrupts then goes on.
final class Descent {
  static final int NOBODY = -1;

  private final Learned learned;
  private final Trail trail;
  private final Stepper stepper;
  private final Patience patience;
  private final Rules rules;
  private final int most;
  private final PathSet onPath = new PathSet();
  private final boolean[] daemon;

  // one frame a state on the path
  private long[] fingerprint = new long[1024];
  private int[] mark = new int[1024];
  private int[] moverAt = new int[1024];
  private int[][] order = new int[1024][];
  private int[] next = new int[1024];
  private int[] nextChoice = new int[1024];
  private int[] only = new int[1024];
  private int[] running = new int[1024];
  private int[] left = new int[1024];
  private boolean[] moved = new boolean[1024];
  private int depth;

  private int deepest;
  private long transitions;
  private boolean cyclic;
  private boolean bounded;

  /// What is left out, and in which order the rest is tried.
  interface Rules {
    /// Whether to go on from a state: not if all that follows is known. Notes it down.
    ///
    /// @param running the task that stepped last and could go on, or [#NOBODY]
    /// @param left preemptions that are left
    boolean isNew(long fingerprint, int running, int left);

    /// The tasks in the order in which they are tried.
    int[] order(long fingerprint, int running);

    /// States met so far.
    long states();

    /// Whether no more states can be told apart.
    boolean isFull();
  }

  /// @param most preemptions in one run
  Descent(
      Learned learned,
      Findings findings,
      Fingerprints fingerprints,
      Patience patience,
      Rules rules,
      int most) {
    this.learned = learned;
    this.patience = patience;
    this.rules = rules;
    this.most = most;
    trail = new Trail(learned, findings, fingerprints);
    stepper = trail.stepper;
    daemon = new boolean[learned.roots.length];
    learned.program.tasks().forEach(t -> daemon[t.id()] = t.kind() == Task.Kind.DAEMON);
  }

  long transitions() {
    return transitions;
  }

  /// Steps of the longest path.
  int deepest() {
    return deepest;
  }

  /// Whether some run may come back to a state that it was in.
  boolean isCyclic() {
    return cyclic;
  }

  /// Whether a step was left out since it would have been one preemption too many.
  boolean isBounded() {
    return bounded;
  }

  /// How much of this search is done, 0 to 1: an estimate.
  double done() {
    var state = learned.stepper(new Fingerprints(0), (_, _) -> {});
    state.reset();
    var estimate = new Estimate();
    int length = Math.min(depth, trail.size());
    for (int d = 0; d < length && estimate.goesOn(); d++) {
      int all = 0;
      int underWay = 0;
      for (int task : order[d]) {
        underWay = task == trail.task(d) ? all + trail.choice(d) : underWay;
        all += isAllowed(state, d, task) ? Math.max(1, state.choices(task)) : 0;
      }
      estimate.at(all, underWay, underWay + 1);
      state.step(trail.task(d), trail.choice(d));
    }
    return estimate.done();
  }

  /// Searches from the first state, once; tells why it gave up, if it did. Where a guess about a
  /// word was wrong (see [Movers#isOutdated]), it covers less than it should, and goes on for a
  /// while to meet more of them at once.
  Optional<String> search() {
    depth = -1;
    try {
      trail.begin();
      rules.isNew(stepper.fingerprint, NOBODY, most);
      enter(NOBODY, most);
      long enough = Long.MAX_VALUE;
      while (depth >= 0 && !rules.isFull() && transitions < enough) {
        advance();
        if (learned.movers.isOutdated()) {
          enough = Math.min(enough, 2 * transitions + 10_000);
        }
        var reason = patience.exhausted(rules.states(), depth);
        if (reason.isPresent()) {
          return reason;
        }
      }
      return Optional.empty();
    } catch (ProgramBug bug) {
      throw trail.shown(bug);
    }
  }

  /// Takes the next step from the state on top, or leaves it.
  private void advance() {
    int d = depth;
    int i = next[d];
    while (i < order[d].length && !mayStep(d, order[d][i])) {
      i++;
    }
    if (i == order[d].length) {
      leave();
      return;
    }
    int task = order[d][i];
    int c = nextChoice[d];
    boolean more = c + 1 < stepper.choices(task);
    next[d] = more ? i : i + 1;
    nextChoice[d] = more ? c + 1 : 0;
    moved[d] = true;
    int runs = runs(d, task);
    int budget = left[d] - (isPreemption(stepper, d, task) ? 1 : 0);
    mark[d] = stepper.mark();
    moverAt[d] = stepper.at[task];
    transitions++;
    if (trail.step(task, c)) {
      cyclic = cyclic || onPath.contains(stepper.fingerprint);
      if (rules.isNew(stepper.fingerprint, runs, budget)) {
        enter(runs, budget);
        return;
      }
    }
    back();
  }

  private boolean mayStep(int d, int task) {
    if (!isEnabled(stepper, d, task)) {
      return false;
    }
    if (left[d] > 0 || !isPreemption(stepper, d, task)) {
      return true;
    }
    bounded = true;
    moved[d] = true;
    return false;
  }

  private boolean isAllowed(Stepper state, int d, int task) {
    return isEnabled(state, d, task) && (left[d] > 0 || !isPreemption(state, d, task));
  }

  private boolean isEnabled(Stepper state, int d, int task) {
    return (only[d] < 0 || task == only[d]) && state.isEnabled(task);
  }

  private boolean isPreemption(Stepper state, int d, int task) {
    return running[d] != NOBODY
        && task != running[d]
        && !daemon[task]
        && only[d] < 0
        && state.isEnabled(running[d]);
  }

  /// Who runs after a step of `task`. Where a task is the only one that is followed since it
  /// chooses, it may as well have chosen when it last ran.
  private int runs(int d, int task) {
    if (!daemon[task] && !learned.isLocalChoice(stepper.at[task])) {
      return task;
    }
    boolean goesOn = running[d] != NOBODY && stepper.isEnabled(running[d]);
    return goesOn ? running[d] : NOBODY;
  }

  private void enter(int runs, int budget) {
    depth++;
    if (depth == fingerprint.length) {
      grow();
    }
    deepest = Math.max(deepest, depth);
    fingerprint[depth] = stepper.fingerprint;
    onPath.push(stepper.fingerprint);
    only[depth] = learned.only(stepper.at);
    order[depth] = rules.order(stepper.fingerprint, runs);
    next[depth] = 0;
    nextChoice[depth] = 0;
    running[depth] = runs;
    left[depth] = budget;
    moved[depth] = false;
  }

  private void leave() {
    if (!moved[depth]) {
      trail.rested();
    }
    depth--;
    onPath.pop();
    if (depth >= 0) {
      back();
    }
  }

  private void back() {
    trail.back(mark[depth], moverAt[depth], fingerprint[depth]);
  }

  private void grow() {
    int more = 2 * depth;
    fingerprint = Arrays.copyOf(fingerprint, more);
    mark = Arrays.copyOf(mark, more);
    moverAt = Arrays.copyOf(moverAt, more);
    order = Arrays.copyOf(order, more);
    next = Arrays.copyOf(next, more);
    nextChoice = Arrays.copyOf(nextChoice, more);
    only = Arrays.copyOf(only, more);
    running = Arrays.copyOf(running, more);
    left = Arrays.copyOf(left, more);
    moved = Arrays.copyOf(moved, more);
  }
}
