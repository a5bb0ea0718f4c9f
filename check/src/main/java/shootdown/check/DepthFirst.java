package shootdown.check;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import shootdown.check.Branches.Branch;
import shootdown.sched.Violation;

/// The search: depth-first over all states, changed in place.
final class DepthFirst implements Stepper.Watcher, SearchPath.Owner, Pass {
  /// What writing a checkpoint takes.
  private static final int KEEPING = 2 * WholeFile.BUFFER;

  /// Steps between looks at the clock: a few microseconds, or a few milliseconds where each step
  /// has to be learned.
  private static final int EVERY = 1 << 8;

  private final Learned learned;
  private final Findings findings;
  private final Patience patience;
  private final Observer observer;
  private final Stepper stepper;
  private final VisitedSet visited;
  private final long most;
  private final Rest rest;
  private final Optional<Images> images;
  private final Optional<Canonical> canonical;
  private final Optional<Mirror> mirror;
  private final boolean isWatching;

  private final SearchPath path;
  private Optional<Keeper> keeper = Optional.empty();
  private long enough;
  private int restarts;

  /// Sees all that the search meets.
  interface Observer {
    Observer NONE = new Observer() {};

    /// A search is to begin, up to renaming: `canonical` will tell by what the state that was just
    /// entered or come to is known.
    default void renames(Canonical canonical) {}

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
    /// @param from number of the state that it left, in the order of being entered, from 0
    /// @param vertex where the task stood before it
    /// @param state what it led to
    /// @param goesOn false after a failure: there is no state then
    default void stepped(
        int from, int task, int vertex, int choice, Stepper state, boolean goesOn) {}

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
    images = learned.images.filter(_ -> options.reductions().has(Reduction.SYMMETRY));
    stepper = learned.stepper(fingerprints, this);
    canonical =
        images.map(all -> new Canonical(all, fingerprints, stepper.memory, stepper.at.length));
    mirror = images.map(all -> new Mirror(learned, all));
    rest = new Rest(learned);
    canonical.ifPresent(observer::renames);
    isWatching = canonical.isPresent() || observer != Observer.NONE;
    path = new SearchPath(stepper, this, options.reductions());
    visited = new VisitedSet(forStates(options));
    most = options.bounds().states();
  }

  /// One that nobody watches, and that has as long as `options` give it from now on.
  DepthFirst(Learned learned, Findings findings, Options options) {
    this(learned, findings, options, new Patience(options), Observer.NONE);
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
    return path.transitions;
  }

  @Override
  public boolean isCyclic() {
    return path.cameBack;
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
          observer.begun();
          path.transitions = 0;
          path.cameBack = false;
          path.depth = -1;
          enough = Long.MAX_VALUE;
          path.clear(visited);
          visited.add(path.key());
          path.enter();
          return onward();
        });
  }

  /// The rest of a search that was saved.
  private Optional<String> resumed() {
    return guarded(
        () -> {
          path.depth = -1;
          var saved = keeper.orElseThrow().resume(visited);
          images.ifPresent(Images::relearned);
          path.transitions = saved.counts().transitions();
          restarts = saved.counts().restarts();
          enough = saved.counts().enough();
          path.cameBack = saved.cameBack();
          patience.resumed(visited.size());
          saved.open().forEach(this::goTo);
          return onward();
        });
  }

  private Optional<String> guarded(Supplier<Optional<String>> search) {
    patience.estimates(() -> Estimate.done(learned, path.steps(path.depth)));
    patience.saves(this::save);
    try {
      var gaveUp = search.get();
      if (gaveUp.isPresent() || patience.isSavingWorthwhile()) {
        save();
      }
      return gaveUp.or(visited::weakness);
    } catch (ProgramBug bug) {
      throw bug.after(() -> Recorded.schedule(run()));
    } catch (OutOfMemoryError error) {
      int met = visited.size();
      visited.clear();
      return Optional.of(Options.Bounds.MEMORY + "after " + met + " states");
    } finally {
      patience.saves(() -> {});
    }
  }

  /// Goes on until all is searched; tells why it gave up, if it did.
  private Optional<String> onward() {
    while (path.depth >= 0) {
      int left = (int) Math.min(Integer.MAX_VALUE, most - visited.size() + 1);
      path.news = 0;
      path.goOn(0, EVERY, left);
      var reason = patience.tooMany(visited.size());
      if (reason.isEmpty() && path.depth >= 0) {
        reason = patience.now(visited.size(), path.depth);
      }
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
    path.clear(visited);
    for (int i = 0; i <= branch.tasks().length; i++) {
      keeper.orElseThrow().mustBeMet(visited.add(path.key()));
      path.enter();
      path.open(branch.nextTask()[i], branch.nextChoice()[i], branch.moved()[i]);
      if (i < branch.tasks().length) {
        path.follow(branch.tasks()[i], branch.choices()[i]);
      }
    }
  }

  private void save() {
    keeper.ifPresent(k -> k.save(saved(), visited, 0));
  }

  private Saved saved() {
    List<Branch> open = path.depth < 0 ? List.of() : List.of(path.left(0));
    var counts = new Saved.Counts(path.transitions, restarts, enough);
    return new Saved(open, counts, path.cameBack, false);
  }

  @Override
  public boolean isWatching() {
    return isWatching;
  }

  /// A state's fingerprint, or that of all states that are equal to it up to renaming.
  @Override
  public long key() {
    return canonical.isPresent() ? canonical.get().of(stepper) : stepper.fingerprint;
  }

  @Override
  public int only(int[] at) {
    return learned.only(at);
  }

  @Override
  public boolean follows(int task) {
    return observer.follows(task, stepper);
  }

  @Override
  public void entered() {
    observer.entered(stepper);
  }

  @Override
  public void stepped(int from, int task, int vertex, int chosen, boolean goesOn) {
    observer.stepped(from, task, vertex, chosen, stepper, goesOn);
  }

  @Override
  public void rested() {
    if (!showsOthers()) {
      atRest(stepper.memory, stepper.at, path.steps(path.depth));
      return;
    }
    for (var end : mirror.get().ends(stepper.memory, stepper.at)) {
      var run = mirror.get().steps(end.by(), path.steps(path.depth), path::moverAt);
      atRest(end.memory(), end.at(), run);
    }
  }

  private void atRest(long[] memory, int[] at, Expansion.Steps run) {
    try {
      judge(memory, at, run);
    } catch (ProgramBug bug) {
      throw bug.after(() -> Recorded.schedule(Expansion.whole(learned, run)));
    }
  }

  private void judge(long[] memory, int[] at, Expansion.Steps run) {
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
  public boolean seesOperations() {
    return images.isPresent() || observer != Observer.NONE;
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
    findings.violation(violation, () -> run(task, path.steps(path.depth + 1)));
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
                      var steps = others.steps(by, path.steps(path.depth + 1), path::moverAt);
                      return run(others.task(by, task), steps);
                    }));
  }

  /// The operations until now, from within a step.
  private List<Recorded> run(int task, Expansion.Steps steps) {
    int operations = stepper.operations;
    return path.depth < 0
        ? Expansion.beginning(learned, task, operations)
        : Expansion.of(learned, steps, operations);
  }

  /// The operations to the state on top and what its task was about to do.
  private List<Recorded> run() {
    return Expansion.of(learned, path.steps(path.depth + 1), Integer.MAX_VALUE);
  }
}
