package shootdown.check;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
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

  // of one pass
  SharedVisitedSet visited = new SharedVisitedSet();
  Branches branches = new Branches(1);
  private final AtomicLong states = new AtomicLong();
  private final AtomicLong workersCpuNanos = new AtomicLong();
  private volatile boolean over;
  private volatile int depth;
  private volatile long enough;
  private int running;
  private Optional<Throwable> failure = Optional.empty();

  private long transitions;
  private boolean cameBack;
  private boolean foundCycle;
  private int restarts;

  ParallelSearch(Learned learned, Findings findings, Options options, Patience patience) {
    this.learned = learned;
    this.findings = findings;
    this.options = options;
    this.patience = patience;
    rest = new Rest(learned);
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
    return workersCpuNanos.get();
  }

  @Override
  public Optional<String> search() {
    while (true) {
      learned.movers.renew();
      var gaveUp = once();
      if (!learned.movers.isOutdated() || gaveUp.isPresent()) {
        return gaveUp;
      }
      restarts++;
    }
  }

  private Optional<String> once() {
    int count = options.workers().count();
    visited = new SharedVisitedSet();
    branches = new Branches(count);
    branches.give(Branch.first());
    states.set(0);
    over = false;
    enough = Long.MAX_VALUE;
    List<Worker> workers = new ArrayList<>();
    var original = new LearnedCopy.Original(learned);
    for (int i = 0; i < count; i++) {
      workers.add(new Worker(this, original, options.seed()));
    }
    running = count;
    workers.forEach(w -> Thread.ofPlatform().daemon().name("search").start(() -> work(w)));
    var gaveUp = await();
    transitions = workers.stream().mapToLong(w -> w.transitions).sum();
    cameBack = workers.stream().anyMatch(w -> w.cameBack);
    foundCycle = workers.stream().anyMatch(w -> w.foundCycle);
    return gaveUp;
  }

  private void work(Worker worker) {
    try {
      worker.run();
    } catch (Throwable thrown) {
      fail(thrown);
    } finally {
      workersCpuNanos.addAndGet(
          ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
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
        reason = now.or(() -> Optional.of("interrupted"));
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
        visited = new SharedVisitedSet();
        return Optional.of("memory is full after " + met + " states");
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
      try {
        wait(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return running > 0;
  }

  /// Whether workers should end though not all is searched.
  boolean isOver() {
    return over;
  }

  private void stop() {
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
