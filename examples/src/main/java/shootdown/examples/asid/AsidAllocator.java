package shootdown.examples.asid;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import shootdown.examples.asid.Labels.Kept;
import shootdown.examples.asid.Setup.Sharing;
import shootdown.sched.Alike;
import shootdown.sched.Lock;
import shootdown.sched.LockClass;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// The allocator of address-space identifiers (ASIDs), as in arch/arm64/mm/context.c: CPUs switch
/// between tasks for ever, and one more unmaps pages.
///
/// Leaves out: ASIDs that are pinned, the halves of ASIDs that page-table isolation uses, and the
/// order of memory accesses of one CPU: each takes effect at once.
public final class AsidAllocator {
  private static final LockClass RAW_SPINLOCK = new LockClass("raw spinlock", 0, false, false);

  private final Setup setup;
  private final Mistake mistake;
  private final Steps steps;
  private final Labels labels;
  private final Tlbs tlbs;

  private final Lock cpuAsidLock;
  private final Word asidGeneration;
  private final Word asidMap;
  private final Word curIdx;
  private final Words activeAsids;
  private final Words reservedAsids;
  private final Word tlbFlushPending;
  private final Words contextId;
  private final Word another;
  private final Alike cpus;
  private final Alike tasks;

  /// What a CPU does next.
  ///
  /// @param current the task that it runs, -1 for none or while it switches
  /// @param next the task that it switches to, -1 for none
  private record Scheduled(int current, int next) {}

  /// @param cpus those of `setup`
  /// @param tasks address spaces of `setup`
  private AsidAllocator(
      Program program, Setup setup, Detail detail, Mistake mistake, Alike cpus, Alike tasks) {
    this.cpus = cpus;
    this.tasks = tasks;
    this.setup = setup;
    this.mistake = mistake;
    steps = program.steps();
    labels = new Labels(program, detail, setup.cpus() + 1);
    cpuAsidLock = program.lock("cpu_asid_lock", RAW_SPINLOCK);
    asidGeneration = program.word("asid_generation", 1);
    asidMap = program.words(_ -> "asid_map", 1, 0, Asid::showNumbers, true).at(0);
    curIdx = program.word("cur_idx", 1);
    activeAsids = asids(program, "active_asids", setup.cpus());
    reservedAsids = asids(program, "reserved_asids", setup.cpus());
    tlbFlushPending = program.word("tlb_flush_pending", 0);
    contextId = asids(program, "mm_context_id", setup.tasks().running());
    another = program.word("another generation", 0);
    tlbs = new Tlbs(program, setup, contextId);
    cpus.words(activeAsids).words(reservedAsids).set(tlbFlushPending);
    tasks.words(contextId);
    tlbs.declare(program.symmetry(), cpus, tasks);
    labels.declare(program.symmetry(), cpus);
  }

  private static Words asids(Program program, String name, int length) {
    return program.words(
        i -> name + "[" + i + "]", length, Asid.NONE, Asid::show, true);
  }

  /// CPUs that switch, and `try_to_unmap_one()` beside them. Nothing ends: all are daemons.
  public static Program program(Setup setup, Detail detail, Mistake mistake) {
    var program = new Program();
    var cpus = program.alike("CPU", setup.cpus());
    var tasks = program.alike("task", setup.tasks().groups());
    var allocator = new AsidAllocator(program, setup, detail, mistake, cpus, tasks);
    if (setup.tasks().unmapped() > 0) {
      program.task("ttu", Task.Kind.DAEMON, allocator::unmapForEver);
    }
    List<Task> switching = new ArrayList<>();
    for (int c = 0; c < setup.cpus(); c++) {
      int cpu = c;
      switching.add(
          program.task("cpu" + cpu, Task.Kind.DAEMON, () -> allocator.schedule(cpu)));
    }
    cpus.tasks(switching);
    return program;
  }

  /// CPUs that switch to some tasks in a given order and end; nobody unmaps. Few interleavings, and
  /// so a short way to what goes wrong.
  ///
  /// @param switches the tasks for each CPU
  public static Program scenario(Setup setup, Mistake mistake, List<List<Integer>> switches) {
    var program = new Program();
    var cpus = program.alike("CPU", eachAlone(setup.cpus()));
    var tasks = program.alike("task", eachAlone(setup.tasks().running()));
    var allocator = new AsidAllocator(program, setup, Detail.LABELS, mistake, cpus, tasks);
    for (int c = 0; c < setup.cpus(); c++) {
      int cpu = c;
      List<Integer> own = switches.get(cpu);
      program.task(
          "cpu" + cpu,
          Task.Kind.NORMAL,
          () -> program.steps().each(0, own.size(), i -> allocator.switchTo(cpu, own.get(i))));
    }
    return program;
  }

  /// Groups of one: nothing is like anything else.
  private static int[] eachAlone(int count) {
    return IntStream.range(0, count).map(_ -> 1).toArray();
  }

  private void schedule(int cpu) {
    steps.<Scheduled, Boolean>loop(
        "schedule",
        new Scheduled(-1, -1),
        at -> {
          if (at.next < 0) {
            int next = steps.choose(tasks);
            return Turn.again(next == at.current ? at : new Scheduled(-1, next));
          }
          switchTo(cpu, at.next);
          return Turn.again(new Scheduled(at.next, -1));
        });
  }

  private void switchTo(int cpu, int task) {
    steps.run("check_and_switch_context", () -> checkAndSwitchContext(cpu, task));
  }

  /// Models `check_and_switch_context()`.
  private void checkAndSwitchContext(int cpu, int task) {
    int asid = steps.scope(() -> checkContext(cpu, task));
    steps.atomic(
        "cpu_switch_mm",
        () -> {
          tlbs.cpuSwitchMm(cpu, task, asid);
          labels.keep(Kept.ASID, cpu, 0);
          labels.keep(Kept.OLD_ACTIVE_ASID, cpu, 0);
        });
  }

  private int checkContext(int cpu, int task) {
    int fast = steps.scope(() -> fastPath(cpu, task));
    return fast != 0 ? fast : steps.scope(() -> slowPath(cpu, task));
  }

  private record Active(long asid, long old) {}

  /// Tells the ASID to use; 0 if only the slow path can tell.
  private int fastPath(int cpu, int task) {
    var seen = labels.step("check_and_switch_context", () -> begin(cpu, task));
    if (seen.old == Asid.NONE) {
      labels.local("check_current_generation");
      return 0;
    }
    if (!asidGeneration.is(Asid.generation(seen.asid))) {
      return 0;
    }
    boolean replaced = labels.step("cmpxchg", () -> replaceActive(cpu, seen));
    labels.local("check_roll_over");
    return replaced ? Asid.number(seen.asid) : 0;
  }

  private Active begin(int cpu, int task) {
    tlbs.beginSwitch(cpu);
    long asid = contextId.at(task).read();
    long old = activeAsids.at(cpu).read();
    labels.keep(Kept.ASID, cpu, asid);
    labels.keep(Kept.OLD_ACTIVE_ASID, cpu, old);
    return new Active(asid, old);
  }

  private boolean replaceActive(int cpu, Active seen) {
    var active = activeAsids.at(cpu);
    boolean replaced =
        mistake == Mistake.XCHG
            ? active.swap(seen.asid) != Asid.NONE
            : active.cas(seen.old, seen.asid);
    if (!replaced) {
      labels.keep(Kept.OLD_ACTIVE_ASID, cpu, Asid.NONE);
    }
    return replaced;
  }

  private int slowPath(int cpu, int task) {
    long asid = steps.scope(() -> currentAsid(cpu, task));
    labels.step("tlb_flush_pending", () -> flushIfPending(cpu));
    labels.step(
        "set_active_asids",
        () -> {
          activeAsids.at(cpu).write(asid);
          cpuAsidLock.unlock();
          return true;
        });
    return Asid.number(asid);
  }

  /// Takes the lock and sees to it that the task has an ASID of this generation.
  private long currentAsid(int cpu, int task) {
    var found = labels.step("slow_path", () -> lockAndRead(cpu, task));
    if (found.isCurrent) {
      return found.asid;
    }
    long asid = steps.call("new_context", () -> newContext(cpu, task));
    steps.atomic(
        "new mm->context.id",
        () -> {
          contextId.at(task).write(asid);
          labels.keep(Kept.ASID, cpu, asid);
          tlbs.renamed(task, Asid.number(asid));
        });
    return asid;
  }

  private record Found(long asid, boolean isCurrent) {}

  private Found lockAndRead(int cpu, int task) {
    cpuAsidLock.lock();
    long asid = contextId.at(task).read();
    labels.keep(Kept.ASID, cpu, asid);
    return new Found(asid, asidGeneration.is(Asid.generation(asid)));
  }

  /// Models `new_context()`.
  private long newContext(int cpu, int task) {
    var mine = labels.step("new_context", () -> readContext(task));
    if (mine.old != Asid.NONE) {
      long renewed = Asid.of(Asid.number(mine.old), mine.generation);
      if (steps.call(
          "check_update_reserved_asid", () -> checkUpdateReservedAsid(cpu, mine.old, renewed))) {
        labels.local("was reserved", () -> labels.keep(Kept.NEW_CONTEXT, cpu, renewed));
        return renewed;
      }
      labels.local("was not reserved");
      if (labels.step("claim the old number", () -> claim(cpu, renewed))) {
        labels.local("return");
        return renewed;
      }
    }
    return steps.scope(() -> allocate(cpu, mine.generation));
  }

  private record Context(long old, long generation) {}

  private Context readContext(int task) {
    return new Context(contextId.at(task).read(), asidGeneration.read());
  }

  /// Models `check_update_reserved_asid()`: tells whether a CPU used the ASID
  /// at the last roll-over.
  private boolean checkUpdateReservedAsid(int cpu, long asid, long renewed) {
    labels.local(
        "check_update_reserved_asid", () -> labels.keep(Kept.RESERVED_WAS_UPDATED, cpu, 0));
    boolean hit = false;
    int first = steps.choose(cpus);
    for (int i = 0; i < setup.cpus(); i++) {
      var reserved = reservedAsids.at((first + i) % setup.cpus());
      hit |= labels.step("for each CPU", () -> updateReserved(cpu, reserved, asid, renewed));
    }
    labels.local("return");
    return hit;
  }

  private boolean updateReserved(int cpu, Word reserved, long asid, long renewed) {
    boolean hit = reserved.cas(asid, renewed);
    if (hit) {
      labels.keep(Kept.RESERVED_WAS_UPDATED, cpu, 1);
    }
    return hit;
  }

  private boolean claim(int cpu, long asid) {
    boolean free = !asidMap.testAndSet(1L << Asid.number(asid));
    if (free) {
      labels.keep(Kept.NEW_CONTEXT, cpu, asid);
    }
    return free;
  }

  private long allocate(int cpu, long generation) {
    long asid = steps.scope(() -> freeAsid(generation));
    return labels.step("set_asid", () -> setAsid(cpu, asid));
  }

  private long freeAsid(long generation) {
    int free = labels.step("allocate_free_asid", () -> findFree(Math.toIntExact(curIdx.read())));
    if (free != 0) {
      return Asid.of(free, generation);
    }
    if (generation == setup.generations()) {
      another.sleepUntil(1, 1);
    }
    asidGeneration.add(1);
    steps.run("flush_context", this::flushContext);
    int first = labels.step("find a number", () -> findFree(1));
    return Asid.of(first, generation + 1);
  }

  /// The first free number from `start` on, 0 for none.
  private int findFree(int start) {
    long taken = asidMap.read();
    for (int number = start; number < setup.asids(); number++) {
      if ((taken >>> number & 1) == 0) {
        return number;
      }
    }
    return 0;
  }

  private long setAsid(int cpu, long asid) {
    asidMap.set(1L << Asid.number(asid));
    curIdx.write(Asid.number(asid));
    labels.keep(Kept.NEW_CONTEXT, cpu, asid);
    return asid;
  }

  /// Models `flush_context()`: what CPUs use now stays taken, all else is free.
  private void flushContext() {
    asidMap.write(0);
    int first = steps.choose(cpus);
    steps.each(0, setup.cpus(), i -> reserve((first + i) % setup.cpus()));
    tlbFlushPending.write(mistake == Mistake.NO_FLUSH ? 0 : (1L << setup.cpus()) - 1);
  }

  private void reserve(int cpu) {
    long active = activeAsids.at(cpu).swap(Asid.NONE);
    labels.step(
        "reserve",
        () -> {
          boolean stays = active == Asid.NONE && mistake != Mistake.FORGETS_RESERVED;
          long asid = stays ? reservedAsids.at(cpu).read() : active;
          asidMap.set(1L << Asid.number(asid));
          reservedAsids.at(cpu).write(asid);
          return true;
        });
  }

  private boolean flushIfPending(int cpu) {
    if (tlbFlushPending.testAndClear(1L << cpu)) {
      if (setup.sharing() == Sharing.COMMON && mistake != Mistake.LOCAL_FLUSH) {
        tlbs.flushTlbAll();
      } else {
        tlbs.localFlushTlbAll(cpu);
      }
    }
    return true;
  }

  private void unmapForEver() {
    steps.<Boolean, Boolean>loop(
        "unmap",
        true,
        _ -> {
          int task = steps.choose(tasks, setup.tasks().unmapped());
          steps.run("try_to_unmap_one", () -> tryToUnmapOne(task));
          return Turn.again(true);
        });
  }

  /// Models what `try_to_unmap_one()` does to a page-table entry: clears it, then flushes the ASID
  /// that the task has.
  private void tryToUnmapOne(int task) {
    int process = setup.cpus();
    tlbs.ptepClear(task);
    steps.forget(
        () -> {
          long asid = labels.step("read_asid", () -> readAsid(process, task));
          tlbs.flushTlbAsid(Asid.number(asid));
        });
    steps.atomic(
        "after_tlbi",
        () -> {
          tlbs.flushed(task);
          labels.keep(Kept.ASID, process, 0);
        });
  }

  private long readAsid(int process, int task) {
    long asid = contextId.at(task).read(Asid.NUMBER);
    labels.keep(Kept.ASID, process, asid);
    return asid;
  }
}
