package shootdown.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import shootdown.check.Branches.Branch;
import shootdown.sched.Violation;

/// The search by several threads: what they have met is one set, all else is each worker's own; the
/// program, its automaton and the findings are used under one lock.
///
/// Begins again, as [DepthFirst] does, where a guess about a word was wrong. Workers have paths of
/// their own, so coming back to a state of one's path does not tell all cycles: they are looked for
/// by [CycleSearch], too.
final class ParallelSearch implements Pass {
  private static final long LOOK_MILLIS = 20;

  final Learned learned;
  private final Findings findings;
  private final Options options;
  private final Patience patience;
  private final Rest rest;

  /// See [CycleSearch].
  int refining = CycleSearch.REFINING;

  /// Steps of a worker between looks at what others want.
  int slice = 1 << 8;

  /// Sets the workers of a pass going: all at the same time, unless a test says otherwise.
  Consumer<List<Worker>> crew = this::inThreads;

  // of one pass
  SharedVisitedSet visited = new SharedVisitedSet();
  Branches branches = new Branches(1);
  private final AtomicLong states = new AtomicLong();
  private volatile boolean over;
  private volatile int depth;
  private volatile long enough;
  private int running;
  private Optional<Throwable> failure = Optional.empty();

  private long transitions;
  private long workersCpuNanos;
  private boolean cameBack;
  private boolean foundCycle;
  private int restarts;

  // of what is kept
  private final Optional<Keeper> keeper;
  private List<Worker> workers = List.of();
  private Saved.Counts before = new Saved.Counts(0, 0, Long.MAX_VALUE);
  private volatile boolean pausing;

  /// Changes whenever workers should say how much is left to them.
  volatile int question;
  private int paused;

  ParallelSearch(
      Learned learned,
      Findings findings,
      Options options,
      Patience patience,
      Optional<Keeper> keeper) {
    this.keeper = keeper;
    this.learned = learned;
    this.findings = findings;
    this.options = options;
    this.patience = patience;
    rest = new Rest(learned);
  }

  @Override
  public long states() {
    return states.get();
  }

  @Override
  public long transitions() {
    return transitions;
  }

  @Override
  public boolean isCyclic() {
    return cameBack || foundCycle;
  }

  /// Whether [CycleSearch] found a cycle; it needs no help by [Worker#cameBack].
  boolean foundCycle() {
    return foundCycle;
  }

  @Override
  public int restarts() {
    return restarts;
  }

  @Override
  public long workersCpuNanos() {
    return workersCpuNanos;
  }

  @Override
  public Optional<String> search() {
    boolean resuming = keeper.filter(Keeper::isResuming).isPresent();
    while (true) {
      begin();
      if (resuming) {
        resume();
      } else {
        learned.renew();
        branches.give(Branch.first());
      }
      resuming = false;
      var gaveUp = pass();
      if (!learned.movers.isOutdated() || gaveUp.isPresent()) {
        return gaveUp;
      }
      restarts++;
    }
  }

  private void begin() {
    visited = new SharedVisitedSet();
    branches = new Branches(options.workers().count());
    states.set(0);
    before = new Saved.Counts(0, 0, Long.MAX_VALUE);
    enough = Long.MAX_VALUE;
    cameBack = false;
    foundCycle = false;
    over = false;
  }

  private void resume() {
    var saved = keeper.orElseThrow().resume(visited);
    saved.open().forEach(branches::give);
    before = saved.counts();
    restarts = before.restarts();
    enough = before.enough();
    cameBack = saved.cameBack();
    foundCycle = saved.foundCycle();
    states.set(visited.size());
    patience.resumed(states.get());
  }

  private Optional<String> pass() {
    var original = new LearnedCopy.Original(learned);
    workers =
        Stream.generate(() -> new Worker(this, original, options))
            .limit(options.workers().count())
            .toList();
    patience.saves(this::save);
    patience.estimates(this::done);
    crew.accept(workers);
    var gaveUp = await();
    patience.saves(() -> {});
    transitions = before.transitions() + sum(Worker::transitions);
    workersCpuNanos += sum(w -> w.cpuNanos);
    cameBack |= workers.stream().anyMatch(Worker::cameBack);
    foundCycle |= workers.stream().anyMatch(w -> w.foundCycle);
    if (failure.isEmpty() && (gaveUp.isPresent() || patience.isSavingWorthwhile())) {
      keep();
    }
    return gaveUp;
  }

  private void inThreads(List<Worker> all) {
    running = all.size();
    var pulse = Pulse.current();
    all.forEach(
        w -> Thread.ofPlatform().daemon().name("search").start(pulse.carriedBy(() -> work(w))));
  }

  /// How much is done, 0 to 1, as of when workers were last asked; asks them again.
  private double done() {
    question++;
    double left = workers.stream().mapToDouble(w -> w.share).sum();
    synchronized (learned) {
      var state = learned.stepper(new Fingerprints(0), (_, _) -> {});
      for (var branch : branches.waiting()) {
        left += Estimate.left(branch, state, learned::only);
      }
    }
    return left == 0 ? 0 : Math.max(0, 1 - left);
  }

  private long sum(ToLongFunction<Worker> number) {
    return workers.stream().mapToLong(number).sum();
  }

  /// Saves the search while it is under way: all workers stand still meanwhile, or have nothing to
  /// do.
  private void save() {
    if (keeper.isEmpty()) {
      return;
    }
    branches.hold();
    pausing = true;
    synchronized (this) {
      while (paused + branches.idle() < running && !over) {
        waitFor(1);
      }
    }
    if (!over) {
      keep();
    }
    pausing = false;
    synchronized (this) {
      notifyAll();
    }
    branches.release();
  }

  /// Saves the search; nobody works.
  private void keep() {
    var open = new ArrayList<>(branches.waiting());
    workers.forEach(w -> w.left().ifPresent(open::add));
    var counts =
        new Saved.Counts(before.transitions() + sum(Worker::transitions), restarts, enough);
    boolean back = cameBack || workers.stream().anyMatch(Worker::cameBack);
    boolean cycle = foundCycle || workers.stream().anyMatch(w -> w.foundCycle);
    var saved = new Saved(open, counts, back, cycle);
    keeper.ifPresent(k -> k.save(saved, visited, sum(w -> w.cpuNanos)));
  }

  /// A worker stands still here while the search is saved.
  void pause(Worker worker) {
    if (pausing) {
      synchronized (this) {
        worker.cpuNanos = Check.cpuNanos();
        paused++;
        while (pausing) {
          waitFor(LOOK_MILLIS);
        }
        paused--;
      }
    }
  }

  private void work(Worker worker) {
    try {
      worker.run();
    } catch (Throwable thrown) {
      fail(thrown);
    } finally {
      worker.cpuNanos = Check.cpuNanos();
      ended();
    }
  }

  private synchronized void ended() {
    running--;
    notifyAll();
  }

  /// Waits for all workers, and stops them where there is a reason.
  private Optional<String> await() {
    Optional<String> reason = Optional.empty();
    boolean interrupted = false;
    while (isRunning(LOOK_MILLIS)) {
      interrupted |= Thread.interrupted();
      var now = patience.now(states.get(), depth);
      if (reason.isEmpty() && (now.isPresent() || interrupted)) {
        reason = now.or(() -> Optional.of(Options.Bounds.INTERRUPTED));
        stop();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    switch (failure.orElse(null)) {
      case null -> {}
      case OutOfMemoryError _ -> {
        long met = states.get();
        workers = List.of();
        visited = new SharedVisitedSet();
        return Optional.of(Options.Bounds.MEMORY + "after " + met + " states");
      }
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
    return reason.or(() -> patience.tooMany(states.get()));
  }

  /// Whether some worker still runs, after waiting for a while.
  private synchronized boolean isRunning(long millis) {
    if (running > 0) {
      waitFor(millis);
    }
    return running > 0;
  }

  private synchronized void waitFor(long millis) {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether workers should end though not all is searched.
  boolean isOver() {
    return over;
  }

  /// No worker goes on after the slice that it is in.
  void stop() {
    over = true;
    branches.stop();
  }

  /// A worker has met so many states more, and is so deep.
  void met(int more, int newDepth) {
    long all = states.addAndGet(more);
    depth = newDepth;
    // A guess that is wrong may be seen late here; after the pass it is seen in any case.
    if (learned.movers.isOutdated()) {
      enough = Math.min(enough, 2 * all + 10_000);
    }
    if (all > enough || all > options.bounds().states()) {
      stop();
    }
  }

  /// Ends the search by what a worker threw.
  void fail(Throwable thrown) {
    synchronized (this) {
      failure = failure.or(() -> Optional.of(thrown));
    }
    stop();
  }

  /// Judges a state in which nobody can go on.
  void rested(Stepper state, Supplier<List<Recorded>> run) {
    synchronized (learned) {
      try {
        judge(state, run);
      } catch (ProgramBug bug) {
        throw bug.after(() -> Recorded.schedule(run.get()));
      }
    }
  }

  private void judge(Stepper state, Supplier<List<Recorded>> run) {
    var deadlock = rest.deadlock(state.at);
    if (deadlock.isPresent()) {
      findings.violation(deadlock.get(), run);
      return;
    }
    findings.outcome(rest.outcome(state.memory), run);
    for (Violation violation : rest.violations(state.memory)) {
      findings.violation(violation, run);
    }
  }

  void violated(long id, Supplier<List<Recorded>> run) {
    synchronized (learned) {
      findings.violation(learned.program.violation(id), run);
    }
  }

  List<Recorded> whole(Expansion.Steps steps) {
    synchronized (learned) {
      return Expansion.whole(learned, steps);
    }
  }

  List<Recorded> expanded(Expansion.Steps steps, int lastOperations) {
    synchronized (learned) {
      return Expansion.of(learned, steps, lastOperations);
    }
  }

  List<Recorded> beginning(int task, int operations) {
    synchronized (learned) {
      return Expansion.beginning(learned, task, operations);
    }
  }
}
