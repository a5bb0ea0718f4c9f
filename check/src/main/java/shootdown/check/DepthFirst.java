package shootdown.check;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import shootdown.check.Branches.Branch;
import shootdown.sched.Violation;

/// The search: depth-first over all states, changed in place.
final class DepthFirst implements Stepper.Watcher, Pass {
  /// What writing a checkpoint takes.
  private static final int KEEPING = 2 * WholeFile.BUFFER;

  private final Learned learned;
  private final Findings findings;
  private final Patience patience;
  private final Observer observer;
  private final Stepper stepper;
  private final VisitedSet visited;
  private final PathSet onPath = new PathSet();
  private final Rest rest;
  private final Optional<Images> images;
  private final Optional<Canonical> canonical;
  private final Optional<Mirror> mirror;
  private final int tasks;

  // one frame a state on the path; of the step that leaves it: who, from where
  private long[] fingerprint = new long[1024];
  private int[] mark = new int[1024];
  private int[] mover = new int[1024];
  private int[] moverAt = new int[1024];
  private int[] choice = new int[1024];
  private int[] nextTask = new int[1024];
  private int[] nextChoice = new int[1024];
  private int[] only = new int[1024];
  private boolean[] moved = new boolean[1024];
  private int depth;

  private Optional<Keeper> keeper = Optional.empty();
  private long transitions;
  private long enough;
  private boolean cyclic;
  private int restarts;

  /// Sees all that the search meets.
  interface Observer {
    Observer NONE = new Observer() {};

    /// A search begins.
    default void begun() {}

    /// Whether to take a step. Only tests say no: a search that leaves steps out must be noticed.
    default boolean follows(int task, Stepper state) {
      return true;
    }

    /// A state is met for the first time.
    default void entered(Stepper state) {}

    /// A step was taken.
    ///
    /// @param from fingerprint of the state that it left
    /// @param vertex where the task stood before it
    /// @param state what it led to
    /// @param goesOn false after a failure: there is no state then
    default void stepped(
        long from, int task, int vertex, int choice, Stepper state, boolean goesOn) {}

    /// The step under way has performed an operation.
    default void performed(int task, int vertex, Stepper state) {}

    /// The step under way has reported a violation.
    default void violated(int task, Violation violation, Stepper state) {}

    /// Nobody can go on in the state that was last entered.
    default void rested(Found.What what) {}
  }

  DepthFirst(
      Learned learned,
      Findings findings,
      Options options,
      Patience patience,
      Observer observer) {
    this.observer = observer;
    this.learned = learned;
    this.findings = findings;
    this.patience = patience;
    var fingerprints = new Fingerprints(options.seed());
    stepper = learned.stepper(fingerprints, this);
    images = learned.images.filter(_ -> options.reductions().symmetry());
    canonical =
        images.map(all -> new Canonical(all, fingerprints, stepper.memory, stepper.at.length));
    mirror = images.map(all -> new Mirror(learned, all));
    rest = new Rest(learned);
    tasks = learned.program.tasks().size();
    visited = new VisitedSet(forStates(options));
  }

  private static long forStates(Options options) {
    long memory = options.bounds().memory();
    return options.checkpoint().isEmpty() ? memory : Math.max(memory / 2, memory - KEEPING);
  }

  /// The same, which is kept and goes on from what was kept.
  DepthFirst keptBy(Keeper who) {
    keeper = Optional.of(who);
    return this;
  }

  @Override
  public long states() {
    return visited.size();
  }

  @Override
  public long transitions() {
    return transitions;
  }

  @Override
  public boolean isCyclic() {
    return cyclic;
  }

  @Override
  public int restarts() {
    return restarts;
  }

  @Override
  public Optional<String> search() {
    var gaveUp = keeper.filter(Keeper::isResuming).isPresent() ? resumed() : once();
    while (learned.movers.isOutdated() && !patience.isOutOfTime()) {
      restarts++;
      learned.renew();
      gaveUp = once();
    }
    return gaveUp;
  }

  /// One search, from the first state. What it finds is real even where a guess about a word proves
  /// wrong on the way; it goes on for a while then, to meet more wrong guesses at once.
  private Optional<String> once() {
    return guarded(
        () -> {
          visited.clear();
          onPath.clear();
          observer.begun();
          transitions = 0;
          cyclic = false;
          depth = -1;
          enough = Long.MAX_VALUE;
          stepper.reset();
          long first = key();
          visited.add(first);
          enter(first);
          return onward();
        });
  }

  /// The rest of a search that was saved.
  private Optional<String> resumed() {
    return guarded(
        () -> {
          depth = -1;
          var saved = keeper.orElseThrow().resume(visited);
          images.ifPresent(Images::relearned);
          transitions = saved.counts().transitions();
          restarts = saved.counts().restarts();
          enough = saved.counts().enough();
          cyclic = saved.cameBack();
          patience.resumed(visited.size());
          saved.open().forEach(this::goTo);
          return onward();
        });
  }

  private Optional<String> guarded(Supplier<Optional<String>> search) {
    patience.estimates(() -> Estimate.done(learned, path(depth)));
    patience.saves(this::save);
    try {
      var gaveUp = search.get();
      if (gaveUp.isPresent() || patience.isSavingWorthwhile()) {
        save();
      }
      return gaveUp.or(visited::weakness);
    } catch (ProgramBug bug) {
      throw new ProgramBug(bug.getMessage(), Recorded.schedule(run()), bug.getCause());
    } catch (OutOfMemoryError error) {
      int met = visited.size();
      visited.clear();
      return Optional.of("memory is full after " + met + " states");
    } finally {
      patience.saves(() -> {});
    }
  }

  /// Goes on until all is searched; tells why it gave up, if it did.
  private Optional<String> onward() {
    while (depth >= 0) {
      advance();
      var reason = patience.exhausted(visited.size(), depth);
      if (reason.isPresent()) {
        return reason;
      }
      if (learned.movers.isOutdated()) {
        enough = Math.min(enough, 2L * visited.size() + 10_000);
        if (visited.size() > enough) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /// Follows a saved path; what it meets there is known.
  private void goTo(Branch branch) {
    stepper.reset();
    onPath.clear();
    for (int i = 0; i <= branch.tasks().length; i++) {
      long key = key();
      keeper.orElseThrow().mustBeMet(visited.add(key));
      enter(key);
      nextTask[i] = branch.nextTask()[i];
      nextChoice[i] = branch.nextChoice()[i];
      moved[i] = branch.moved()[i];
      if (i < branch.tasks().length) {
        mover[i] = branch.tasks()[i];
        moverAt[i] = stepper.at[mover[i]];
        choice[i] = branch.choices()[i];
        mark[i] = stepper.mark();
        stepper.step(mover[i], choice[i]);
      }
    }
  }

  private void save() {
    keeper.ifPresent(k -> k.save(saved(), visited, 0));
  }

  private Saved saved() {
    int states = depth + 1;
    List<Branch> open =
        depth < 0
            ? List.of()
            : List.of(
                new Branch(
                    Arrays.copyOf(mover, depth),
                    Arrays.copyOf(choice, depth),
                    Arrays.copyOf(nextTask, states),
                    Arrays.copyOf(nextChoice, states),
                    Arrays.copyOf(moved, states)));
    var counts = new Saved.Counts(transitions, restarts, enough);
    return new Saved(open, counts, cyclic, false);
  }

  /// Takes the next step from the state on top, or leaves it.
  private void advance() {
    int d = depth;
    int t = nextTask[d];
    while (t < tasks && !stepper.isEnabled(t)) {
      t = only[d] >= 0 ? tasks : t + 1;
    }
    if (t == tasks) {
      leave();
      return;
    }
    int c = nextChoice[d];
    if (c + 1 < stepper.choices(t)) {
      nextChoice[d] = c + 1;
      nextTask[d] = t;
    } else {
      nextChoice[d] = 0;
      nextTask[d] = only[d] >= 0 ? tasks : t + 1;
    }
    moved[d] = true;
    if (!observer.follows(t, stepper)) {
      return;
    }
    mover[d] = t;
    moverAt[d] = stepper.at[t];
    choice[d] = c;
    mark[d] = stepper.mark();
    transitions++;
    boolean goesOn = stepper.step(t, c);
    observer.stepped(fingerprint[d], t, moverAt[d], c, stepper, goesOn);
    if (!goesOn) {
      back();
      return;
    }
    long key = key();
    if (visited.add(key)) {
      enter(key);
    } else {
      cyclic = cyclic || onPath.contains(key);
      back();
    }
  }

  /// By what a state is known: its fingerprint, or that of all states that are equal to it up to
  /// renaming.
  private long key() {
    return canonical.isPresent() ? canonical.get().of(stepper) : stepper.fingerprint;
  }

  private void enter(long key) {
    depth++;
    if (depth == fingerprint.length) {
      grow();
    }
    fingerprint[depth] = stepper.fingerprint;
    onPath.push(key);
    observer.entered(stepper);
    only[depth] = learned.only(stepper.at);
    nextTask[depth] = Math.max(0, only[depth]);
    nextChoice[depth] = 0;
    moved[depth] = false;
  }

  private void leave() {
    if (!moved[depth]) {
      atRest();
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

  private void atRest() {
    if (!showsOthers()) {
      atRest(stepper.memory, stepper.at, path(depth));
      return;
    }
    for (var end : mirror.get().ends(stepper.memory, stepper.at)) {
      atRest(end.memory(), end.at(), mirror.get().steps(end.by(), path(depth), i -> moverAt[i]));
    }
  }

  private void atRest(long[] memory, int[] at, Expansion.Steps run) {
    var deadlock = rest.deadlock(at);
    if (deadlock.isPresent()) {
      rested(deadlock.get(), run);
      return;
    }
    String outcome = rest.outcome(memory);
    findings.outcome(outcome, () -> Expansion.whole(learned, run));
    observer.rested(new Found.What.Ended(outcome));
    rest.violations(memory).forEach(violation -> rested(violation, run));
  }

  private void rested(Violation violation, Expansion.Steps run) {
    findings.violation(violation, () -> Expansion.whole(learned, run));
    observer.rested(new Found.What.Violated(violation));
  }

  @Override
  public void performed(int task, int vertex, long before, long after, long result) {
    if (images.isPresent()) {
      images.get().look(vertex, before);
    }
    observer.performed(task, vertex, stepper);
  }

  @Override
  public void violated(int task, long id) {
    var violation = learned.program.violation(id);
    observer.violated(task, violation, stepper);
    findings.violation(violation, () -> run(task, path(depth + 1)));
    if (showsOthers()) {
      violated(task, mirror.get());
    }
  }

  /// Whether the images of runs are found, too. Where a guess about a word is known to be wrong,
  /// the images of steps may be no steps; they are found when all is searched again.
  private boolean showsOthers() {
    return mirror.isPresent() && !learned.movers.isOutdated();
  }

  /// What tasks report that are alike, in runs that are not followed.
  private void violated(int task, Mirror others) {
    others
        .of(stepper.at[task])
        .forEach(
            (vertex, by) ->
                findings.violation(
                    learned.program.violation(learned.automaton.a[vertex]),
                    () -> {
                      var steps = others.steps(by, path(depth + 1), i -> moverAt[i]);
                      return run(others.task(by, task), steps);
                    }));
  }

  /// The operations until now, from within a step.
  private List<Recorded> run(int task, Expansion.Steps steps) {
    int operations = stepper.operations;
    return depth < 0
        ? Expansion.beginning(learned, task, operations)
        : Expansion.of(learned, steps, operations);
  }

  /// The operations to the state on top and what its task was about to do.
  private List<Recorded> run() {
    return Expansion.of(learned, path(depth + 1), Integer.MAX_VALUE);
  }

  private Expansion.Steps path(int length) {
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
