package shootdown.check;

import java.util.Arrays;
import java.util.Optional;
import shootdown.check.Branches.Branch;

/// The states on the path of a depth-first search, and the search itself: one frame a state, with
/// the step that leaves it (who, from where, what it chose) and those that are left.
final class SearchPath {
  private final Stepper stepper;
  private final int tasks;
  private final Owner owner;
  private final boolean isWatched;
  private final boolean looksForCycles;
  private final SleepSets sleep;

  /// Who watches wants to see every step, or knows states by other keys.
  private final boolean sleeps;

  private final PathSet onPath = new PathSet();
  private Visited visited;

  private long[] fingerprint = new long[1024];
  private int[] number = new int[1024];
  private int[] mark = new int[1024];
  private int[] mover = new int[1024];
  private int[] moverAt = new int[1024];
  private int[] choice = new int[1024];
  private int[] nextTask = new int[1024];
  private int[] nextChoice = new int[1024];
  private int[] only = new int[1024];
  private boolean[] moved = new boolean[1024];

  /// Of the state on top; -1 if there is none.
  int depth = -1;

  /// Steps taken.
  long transitions;

  /// States met for the first time since somebody set this.
  int news;

  /// Whether a step came back to a state on the path.
  boolean cameBack;

  /// States entered since the path was last empty.
  private int entered;

  /// All before this frame have nothing left to hand on.
  private int exhausted;

  /// Whose search it is.
  interface Owner {
    /// The only task that is followed where tasks stand `at` these vertices, or -1.
    int only(int[] at);

    /// Nobody can go on in the state on top.
    void rested();

    /// Whether [#closed] is to be called; asked once.
    default boolean looksForCycles() {
      return false;
    }

    /// A step of `task` from the state on top may have closed a cycle.
    default void closed(int task) {}

    /// Whether [#key], [#follows], [#entered] and [#stepped] are to be called; asked once.
    default boolean isWatching() {
      return false;
    }

    /// By what the stepper's state is known.
    default long key() {
      throw new UnsupportedOperationException();
    }

    /// Whether to take a step.
    default boolean follows(int task) {
      return true;
    }

    /// The stepper's state is met for the first time.
    default void entered() {}

    /// A step was taken; see [DepthFirst.Observer#stepped].
    default void stepped(int from, int task, int vertex, int chosen, boolean goesOn) {}
  }

  /// @param which of them all, [Reduction#SLEEP_SETS] is done here
  SearchPath(Stepper stepper, Owner owner, Reductions which) {
    this.stepper = stepper;
    this.owner = owner;
    tasks = stepper.at.length;
    isWatched = owner.isWatching();
    looksForCycles = owner.looksForCycles();
    sleep = new SleepSets(tasks);
    sleeps = which.has(Reduction.SLEEP_SETS) && !isWatched && tasks <= SleepSets.MAX_TASKS;
  }

  /// Begins with no state at all.
  void clear(Visited met) {
    visited = met;
    depth = -1;
    entered = 0;
    onPath.clear();
    stepper.reset();
  }

  /// The stepper's state becomes the one on top.
  void enter() {
    enter(key());
    if (sleeps) {
      sleep.enter(depth);
    }
  }

  long key() {
    return isWatched ? owner.key() : stepper.fingerprint;
  }

  /// Follows a step of what was searched before.
  void follow(int task, int chosen) {
    leaveBy(task, chosen);
    stepper.step(task, chosen);
  }

  /// Sets what is left of the steps of the state on top.
  void open(int task, int chosen, boolean hasMoved) {
    if (sleeps && chosen > 0) {
      sleep.tellsNothing(depth, task); // what its first choices use is not known here
    }
    nextTask[depth] = task;
    nextChoice[depth] = chosen;
    moved[depth] = hasMoved;
  }

  /// Nothing is left of the state on top.
  void close() {
    open(tasks, 0, true);
  }

  /// The first task that may step from the state on top.
  int first() {
    return Math.max(0, only[depth]);
  }

  /// Searches on for some steps, until the states from `base` on are left or so many are met.
  void goOn(int base, int steps, int mostNews) {
    for (int i = 0; i < steps && depth >= base && news < mostNews; i++) {
      advance();
    }
  }

  /// Takes the next step from the state on top, or leaves it.
  private void advance() {
    int d = depth;
    int one = only[d];
    int t = nextTask[d];
    while (t < tasks && (isKnown(d, t) || !stepper.isEnabled(t))) {
      t = one >= 0 ? tasks : t + 1;
    }
    if (t >= tasks) {
      leave();
      return;
    }
    int c = nextChoice[d];
    boolean more = c + 1 < stepper.choices(t);
    nextChoice[d] = more ? c + 1 : 0;
    nextTask[d] = more ? t : one >= 0 ? tasks : t + 1;
    moved[d] = true;
    if (!isWatched || owner.follows(t)) {
      step(d, t, c);
    }
  }

  /// Whether the steps of `task` from the state on top lead to what is known; then they are as good
  /// as taken.
  private boolean isKnown(int d, int task) {
    if (!sleeps || !sleep.isAsleep(d, task)) {
      return false;
    }
    transitions += Math.max(1, stepper.choices(task));
    moved[d] = true;
    return true;
  }

  private void step(int d, int t, int c) {
    leaveBy(t, c);
    transitions++;
    boolean goesOn = stepper.step(t, c);
    // whoever looks for cycles from here takes steps, too
    long touched = stepper.touched;
    long changed = stepper.changed;
    if (sleeps) {
      boolean mayTell = !stepper.mayClose() && !stepper.isFollowedAlone(t);
      sleep.followed(d, t, touched, changed, mayTell);
    }
    long key = goesOn ? key() : 0;
    if (isWatched) {
      owner.stepped(number[d], t, moverAt[d], c, goesOn);
    }
    if (!goesOn) {
      back();
      return;
    }
    if (looksForCycles && stepper.mayClose()) {
      owner.closed(t);
    }
    if (visited.add(key)) {
      news++;
      enter(key);
      if (sleeps) {
        sleep.enter(depth, t, touched, changed);
      }
    } else {
      cameBack = cameBack || onPath.contains(key);
      back();
    }
  }

  private void leaveBy(int task, int chosen) {
    mark[depth] = stepper.mark();
    mover[depth] = task;
    moverAt[depth] = stepper.at[task];
    choice[depth] = chosen;
  }

  private void enter(long key) {
    depth++;
    if (depth == fingerprint.length) {
      grow();
    }
    int d = depth;
    exhausted = Math.min(exhausted, d);
    fingerprint[d] = stepper.fingerprint;
    number[d] = entered++;
    onPath.push(key);
    if (isWatched) {
      owner.entered();
    }
    int one = owner.only(stepper.at);
    only[d] = one;
    nextTask[d] = Math.max(0, one);
    nextChoice[d] = 0;
    moved[d] = false;
  }

  private void leave() {
    if (!moved[depth]) {
      owner.rested();
    }
    depth--;
    onPath.pop();
    if (depth >= 0) {
      back();
    }
  }

  /// Takes back the step that left the state on top.
  private void back() {
    stepper.undo(mark[depth], mover[depth], moverAt[depth], fingerprint[depth]);
  }

  /// Where the task of step `i` stood before it.
  int moverAt(int i) {
    return moverAt[i];
  }

  /// How far changes before step `i` go; see [Stepper#mark].
  int mark(int i) {
    return mark[i];
  }

  /// Gives away what is left of the first state below the one on top that has something left.
  Optional<Branch> handOn() {
    int i = exhausted;
    while (i < depth && !hasMore(i)) {
      i++;
    }
    exhausted = i;
    if (i >= depth) {
      return Optional.empty();
    }
    var branch =
        new Branch(
            Arrays.copyOf(mover, i),
            Arrays.copyOf(choice, i),
            new int[] {nextTask[i]},
            new int[] {nextChoice[i]},
            new boolean[] {true});
    nextTask[i] = tasks;
    nextChoice[i] = 0;
    return Optional.of(branch);
  }

  private boolean hasMore(int i) {
    return only[i] >= 0 ? nextTask[i] == only[i] : nextTask[i] < tasks;
  }

  /// All that is left of the states from `base` to the one on top.
  Branch left(int base) {
    int end = depth + 1;
    return new Branch(
        Arrays.copyOf(mover, depth),
        Arrays.copyOf(choice, depth),
        Arrays.copyOfRange(nextTask, base, end),
        Arrays.copyOfRange(nextChoice, base, end),
        Arrays.copyOfRange(moved, base, end));
  }

  /// The first `length` steps.
  Expansion.Steps steps(int length) {
    return new Expansion.Steps() {
      @Override
      public int size() {
        return length;
      }

      @Override
      public int task(int i) {
        return mover[i];
      }

      @Override
      public int choice(int i) {
        return choice[i];
      }
    };
  }

  private void grow() {
    int more = 2 * depth;
    fingerprint = Arrays.copyOf(fingerprint, more);
    number = Arrays.copyOf(number, more);
    mark = Arrays.copyOf(mark, more);
    mover = Arrays.copyOf(mover, more);
    moverAt = Arrays.copyOf(moverAt, more);
    choice = Arrays.copyOf(choice, more);
    nextTask = Arrays.copyOf(nextTask, more);
    nextChoice = Arrays.copyOf(nextChoice, more);
    only = Arrays.copyOf(only, more);
    moved = Arrays.copyOf(moved, more);
  }
}
