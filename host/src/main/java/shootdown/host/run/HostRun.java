package shootdown.host.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import shootdown.host.steer.Steering;
import shootdown.host.worker.Control;
import shootdown.host.worker.Control.Status;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.worker.Slots;
import shootdown.host.worker.WorkerAddresses;
import shootdown.host.worker.WorkerProgram;
import shootdown.litmus.GlobalKind;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;

/// One test on this machine's kernel: starts its worker, reads what it writes down, starts it again
/// where threads sleep for ever, and leaves nothing behind.
public final class HostRun {
  /// The ring holds what the fastest worker writes in many times this: whoever looks more often
  /// takes a CPU from the test's threads.
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  /// A round that takes longer is looked at: do its threads sleep?
  private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final long HUNG_NANOS = TimeUnit.SECONDS.toNanos(5);
  /// So many workers in a row may die before they have done a single round.
  private static final int MOST_DEATHS = 3;
  /// How long rounds begin in the same ways.
  private static final long PLAN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long END_SECONDS = 5;
  private static final long ALARM_SECONDS = 60;
  private static final int SCALES = 3;

  private final LitmusTest test;
  private final HostRequest request;
  private final Outcomes outcomes;
  private final List<Integer> cpus;
  private final Workplace place;
  private final WorkerProgram program;
  private final Slots slots;
  private final SplittableRandom random;
  private final Steering steering;
  private final KernelWorkCount work;
  private final EvictionCount eviction = new EvictionCount();

  private final Map<String, Long> globals = new HashMap<>();
  private long rounds;
  private int restarts;
  private final List<String> deaths = new ArrayList<>();
  private int deathsInARow;

  private HostRun(LitmusTest test, HostRequest request, Workplace place) throws HostFailure {
    this.test = test;
    this.request = request;
    this.place = place;
    this.random = new SplittableRandom(request.seed());
    this.cpus = request.cpus().isEmpty() ? Cpus.allowed() : request.cpus();
    this.program = WorkerProgram.withMeetings(test, place.shared(), place.folder(), cpus.size());
    this.slots = program.slots();
    this.steering = new Steering(slots, cpus.size(), request.seed(), Optional.empty());
    this.outcomes = new Outcomes(test, slots);
    this.work = new KernelWorkCount(test);
  }

  /// Runs a test.
  ///
  /// @throws HostFailure if that cannot be done here
  /// @throws shootdown.host.worker.Unrunnable if the test needs what user space cannot do
  public static HostResult of(LitmusTest test, HostRequest request) throws HostFailure {
    var refusal = refusal();
    if (refusal.isPresent()) {
      throw new HostFailure(refusal.get());
    }
    KernelWorkCount.needKsmd(test);
    try (var place = new Workplace(folder(request))) {
      return new HostRun(test, request, place).run();
    } catch (IOException e) {
      throw new HostFailure("a worker's files cannot be made: " + e.getMessage(), e);
    }
  }

  /// Why no test can be run here; empty if some can.
  public static Optional<String> refusal() {
    var system = System.getProperty("os.name");
    var machine = System.getProperty("os.arch");
    return system.equals("Linux") && machine.equals("amd64")
        ? Optional.empty()
        : Optional.of(
            "workers are written for Linux on x86-64 only, and this is " + system + " on "
                + machine);
  }

  private static Path folder(HostRequest request) {
    return request.folder().orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
  }

  private HostResult run() throws HostFailure, IOException {
    Optional<String> fileSystem =
        test.globals().containsValue(GlobalKind.FILE)
            ? Optional.of(Files.getFileStore(place.folder()).type())
            : Optional.empty();
    long start = System.nanoTime();
    long end = start + request.time().toNanos();
    while (rounds < request.rounds() && System.nanoTime() < end) {
      try (var memory = place.share(slots.size())) {
        prepare(memory);
        drive(memory, end);
      }
    }
    return new HostResult(
        outcomes.byText(),
        outcomes.traces(),
        globals,
        rounds,
        (System.nanoTime() - start) / 1e9,
        restarts,
        deaths,
        new Evidence(work.all(), eviction.of(test), Optional.empty()),
        fileSystem);
  }

  private void prepare(SharedMemory memory) {
    memory.write(Control.LIMIT, request.rounds() - rounds);
    memory.write(Control.SCALES, SCALES);
    memory.write(Control.ALARM, request.time().toSeconds() + ALARM_SECONDS);
    for (var thread : test.threads()) {
      int index = slots.index(thread);
      memory.write(Control.word(index, ThreadWord.RANDOM), random.nextLong() | 1);
      int cpu = cpus.get(thread.cpu() % cpus.size());
      if (cpu >= Byte.SIZE * Control.AFFINITY_BYTES) {
        throw new IllegalArgumentException("no CPU " + cpu);
      }
      memory.write(Control.affinity(index) + cpu / Long.SIZE * Long.BYTES, 1L << cpu);
    }
  }

  private void drive(SharedMemory memory, long end) throws HostFailure, IOException {
    var process = place.start(program.file());
    try {
      follow(process, memory, end);
    } finally {
      process.destroyForcibly();
      await(process);
      work.add(memory);
      eviction.add(memory, test.threads().size());
    }
  }

  private void follow(Process process, SharedMemory memory, long end) throws HostFailure {
    long lastNews = System.nanoTime();
    long lastPlan = 0;
    while (true) {
      boolean alive = process.isAlive();
      long now = System.nanoTime();
      if (drain(memory)) {
        lastNews = now;
        deathsInARow = 0;
        if (now - lastPlan > PLAN_NANOS) {
          lastPlan = now;
          steer(memory);
        }
      } else if (!alive) {
        ended(process, memory);
        return;
      } else if (now - lastNews > STUCK_NANOS && sleepForEver(process, memory)) {
        restarts++;
        return;
      } else if (now - lastNews > HUNG_NANOS) {
        died(
            "it did nothing for " + TimeUnit.NANOSECONDS.toSeconds(HUNG_NANOS) + " s: "
                + threadStates(process));
        return;
      }
      if (now > end) {
        memory.write(Control.STOP, 1);
      }
      LockSupport.parkNanos(IDLE_NANOS);
    }
  }

  private static Status status(SharedMemory memory) {
    return Status.of(memory.read(Control.STATUS));
  }

  /// A worker came to no good end: another one takes its place.
  private void died(String how) throws HostFailure {
    deaths.add(how);
    if (++deathsInARow == MOST_DEATHS) {
      throw new HostFailure(MOST_DEATHS + " workers in a row ended at once: " + how);
    }
  }

  /// Nothing is looked for but what is rare: all that is allowed should be seen.
  private void steer(SharedMemory memory) {
    if (!slots.points().isEmpty()) {
      memory.write(slots.plan(), steering.plan().bytes());
    }
  }

  /// Reads all records that are there.
  private boolean drain(SharedMemory memory) {
    long produced = memory.read(Control.PRODUCED);
    long consumed = memory.read(Control.CONSUMED);
    int words = slots.recordWords();
    for (long i = consumed; i < produced; i++) {
      long at = slots.ring() + (i & slots.capacity() - 1) * words * Long.BYTES;
      if (memory.read(at) != i) {
        throw new IllegalStateException("record " + i + " has number " + memory.read(at));
      }
      if (globals.isEmpty()) {
        learnGlobals(memory, at);
      }
      long[] record = memory.words(at, 0, words);
      steering.add(record, outcomes.add(record), false);
      rounds++;
    }
    memory.write(Control.CONSUMED, produced);
    return produced > consumed;
  }

  private void ended(Process process, SharedMemory memory) throws HostFailure {
    var status = status(memory);
    long detail = memory.read(Control.DETAIL);
    long more = memory.read(Control.DETAIL_2);
    switch (status) {
      case DONE -> {}
      case FAILED ->
          throw new HostFailure(
              program.steps().get((int) detail) + " failed: error number " + -more);
      case CRASHED -> died("it crashed at 0x%x, accessing 0x%x".formatted(detail, more));
      case STARTING, RUNNING, ORPHANED ->
          died("it ended with code " + process.exitValue() + " while " + status);
    }
  }

  /// Whether some threads sleep and nobody is there to wake them; then that is the
  /// round's outcome.
  private boolean sleepForEver(Process process, SharedMemory memory) {
    long round = memory.read(Control.PRODUCED);
    if (round != memory.read(Control.CONSUMED)) {
      return false;
    }
    var asleep = new StringBuilder();
    for (var thread : test.threads()) {
      if (!isSet(memory, thread, ThreadWord.ENDED) && hasBegun(memory, thread)) {
        if (!ThreadStates.sleeps(process.pid(), tid(memory, thread))
            || isSet(memory, thread, ThreadWord.ENDED)) {
          return false; // one that has just ended sleeps until the next round
        }
        asleep.append(thread.name()).append(" asleep; ");
      } else if (isSet(memory, thread, ThreadWord.ENDED) != hasBegun(memory, thread)
          && thread.kind() != LitmusThread.Kind.CHILD) {
        return false; // it has not come so far
      }
    }
    if (asleep.isEmpty() || memory.read(Control.PRODUCED) != round) {
      return false;
    }
    var remains = StuckMemory.of(process.pid(), program.descriptors());
    outcomes.addStuck(slots.recordNow(memory::read, remains), asleep.toString().strip());
    rounds++;
    return true;
  }

  private boolean isSet(SharedMemory memory, LitmusThread thread, ThreadWord word) {
    return memory.read(Control.word(slots.index(thread), word)) != 0;
  }

  private boolean hasBegun(SharedMemory memory, LitmusThread thread) {
    return isSet(memory, thread, ThreadWord.STARTED);
  }

  private long tid(SharedMemory memory, LitmusThread thread) {
    return memory.read(Control.word(slots.index(thread), ThreadWord.TID));
  }

  private void learnGlobals(SharedMemory memory, long at) {
    var names = slots.globals();
    for (int i = 0; i < names.size(); i++) {
      long value = memory.read(at + (1L + i) * Long.BYTES);
      globals.put(names.get(i), WorkerAddresses.modelled(value));
    }
  }

  private String threadStates(Process process) {
    return ThreadStates.all(process.pid());
  }

  private static void await(Process process) throws HostFailure {
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        throw new HostFailure("the worker, process " + process.pid() + ", does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HostFailure("interrupted", e);
    }
  }
}
