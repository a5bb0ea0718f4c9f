package shootdown.examples.asid;

import java.util.ArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import shootdown.examples.asid.Setup.Sharing;
import shootdown.sched.Alike;
import shootdown.sched.Program;
import shootdown.sched.Renaming;
import shootdown.sched.Steps;
import shootdown.sched.Symmetry;
import shootdown.sched.Violation;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// The hardware: what each CPU's translation register names, which entries the TLBs may hold, and
/// one page-table entry of each task. Each of its methods is one step, or part of one.
///
/// ```text
/// active_mm     of each CPU 9 bits: bit 8: not switching │ bits 4-7: task + 1, 0 for none
///               │ bits 0-3: ASID
/// tlb[asid]     a bit for each task and CPU: such an entry may be there
/// pte[task]     0 mapped, 1 unmapped, 2 unmapped and flushed
/// ```
///
/// A mapped entry may be loaded as soon as its task is in the register, so it is from then on.
/// What must always hold is looked at in the steps that could end it.
///
/// Tasks are alike, and so are CPUs: so nothing here goes through tasks or CPUs one by one, which
/// would have to be in some order. One word has what is asked of all of them.
final class Tlbs {
  private static final Violation DUPLICATE_ASID =
      new Violation("UniqueASIDPerCPU", "a CPU's TLB has entries of two tasks with one ASID");
  private static final Violation DUPLICATE_ANYWHERE =
      new Violation("UniqueASIDAllCPUs", "shared TLBs have one ASID twice, or one task twice");
  private static final Violation TWO_ASIDS =
      new Violation("SameASIDActiveTask", "a task runs on two CPUs with different ASIDs");
  private static final Violation ONE_ASID =
      new Violation("UniqueASIDActiveTask", "two tasks run on two CPUs with the same ASID");
  private static final Violation NOT_FLUSHED =
      new Violation("TLBEmptyInvalPTE", "a flushed page-table entry of a running task is in a TLB");
  private static final Violation NO_ASID =
      new Violation("TypeInv", "a task runs with the reserved ASID");

  private static final int CPU_BITS = Asid.BITS + 5;
  private static final int TASK_SHIFT = Asid.BITS;
  private static final long TASK = 0xfL << TASK_SHIFT;
  private static final long SETTLED = 1L << CPU_BITS - 1;
  private static final long REGISTER = (1L << CPU_BITS) - 1;

  private static final long MAPPED = 0;
  private static final long UNMAPPED = 1;
  private static final long FLUSHED = 2;

  private final Setup setup;
  private final Steps steps;
  private final Words contextId;
  private final Word activeMm;
  private final Words pte;
  private final Words tlb;

  /// @param contextId of each task, whose ASID new entries get
  Tlbs(Program program, Setup setup, Words contextId) {
    this.setup = setup;
    this.contextId = contextId;
    steps = program.steps();
    activeMm = program.words(_ -> "active_mm", 1, 0, this::showRegisters, true).at(0);
    int watched = setup.tasks().watched();
    pte = program.words(i -> "pte[" + i + "]", watched, MAPPED, Tlbs::showPte, true);
    tlb = program.words(i -> "tlb[" + i + "]", setup.asids(), 0, this::showTlb, true);
  }

  /// What is whose, and which values name tasks and CPUs.
  void declare(Symmetry symmetry, Alike cpus, Alike tasks) {
    symmetry
        .values(activeMm, (value, renaming) -> registers(value, cpus, tasks, renaming))
        .places(pte, (i, renaming) -> renaming.of(tasks, i))
        .values(tlb, (value, renaming) -> entries(value, cpus, tasks, renaming));
  }

  private long registers(long value, Alike cpus, Alike tasks, Renaming renaming) {
    long image = 0;
    for (int c = 0; c < setup.cpus(); c++) {
      long mm = value >>> c * CPU_BITS & REGISTER;
      if ((mm & TASK) != 0) {
        mm = mm & ~TASK | renaming.of(tasks, task(mm)) + 1L << TASK_SHIFT;
      }
      image |= mm << renaming.of(cpus, c) * CPU_BITS;
    }
    return image;
  }

  private long entries(long value, Alike cpus, Alike tasks, Renaming renaming) {
    long image = 0;
    for (int t = 0; t < setup.tasks().watched(); t++) {
      for (int c = 0; c < setup.cpus(); c++) {
        if ((value & entry(t, c)) != 0) {
          image |= entry(renaming.of(tasks, t), renaming.of(cpus, c));
        }
      }
    }
    return image;
  }

  /// The CPU begins to switch.
  void beginSwitch(int cpu) {
    long ends = setup.sharing() == Sharing.COMMON ? SETTLED | TASK : SETTLED;
    activeMm.clear(of(cpu, ends));
  }

  /// Models `cpu_switch_mm()`: the task's tables are in use from here on.
  void cpuSwitchMm(int cpu, int task, int asid) {
    if (asid == 0) {
      throw steps.fail(NO_ASID);
    }
    activeMm.replace(of(cpu, REGISTER), of(cpu, mm(task, asid) | SETTLED));
    mustAgree(cpu, task, asid);
    if (task >= setup.tasks().watched()) {
      return;
    }
    int inMemory = Asid.number(contextId.at(task).read(Asid.NUMBER));
    if (pte.at(task).is(MAPPED)) {
      tlb.at(inMemory).set(entry(task, cpu));
      mustBeUnique(cpu, task, inMemory);
    } else {
      mustBeFlushed(task, inMemory);
    }
  }

  private void mustAgree(int cpu, int task, int asid) {
    long active = activeMm.read();
    for (int other = 0; other < setup.cpus(); other++) {
      long mm = active >>> other * CPU_BITS & REGISTER;
      if (other == cpu || (mm & TASK) == 0) {
        continue;
      }
      if (task(mm) == task && Asid.number(mm) != asid && (mm & SETTLED) != 0) {
        throw steps.fail(TWO_ASIDS);
      }
      if (task(mm) != task && Asid.number(mm) == asid && setup.sharing() == Sharing.COMMON) {
        throw steps.fail(ONE_ASID);
      }
    }
  }

  private void mustBeUnique(int cpu, int task, int asid) {
    if (tlb.at(asid).test(ofCpu(cpu) & ~ofTask(task))) {
      throw steps.fail(DUPLICATE_ASID);
    }
    if (setup.sharing() == Sharing.PRIVATE) {
      return;
    }
    for (int a = 1; a < setup.asids(); a++) {
      if (tlb.at(a).test(a == asid ? ~ofTask(task) : ofTask(task))) {
        throw steps.fail(DUPLICATE_ANYWHERE);
      }
    }
  }

  /// Looks at a task that runs somewhere.
  private void mustBeFlushed(int task, int asid) {
    if (pte.at(task).is(FLUSHED) && asid != 0 && tlb.at(asid).test(ofTask(task))) {
      throw steps.fail(NOT_FLUSHED);
    }
  }

  /// A task's ASID has become another one.
  void renamed(int task, int asid) {
    boolean watched = task < setup.tasks().watched();
    if (watched && pte.at(task).is(FLUSHED) && isActive(task)) {
      mustBeFlushed(task, asid);
    }
  }

  private boolean isActive(int task) {
    long active = activeMm.read();
    for (int c = 0; c < setup.cpus(); c++) {
      if ((active >>> c * CPU_BITS & TASK) == mm(task, 0)) {
        return true;
      }
    }
    return false;
  }

  /// Models `local_flush_tlb_all()`: what the CPU's register names may come back at once.
  void localFlushTlbAll(int cpu) {
    int active = task(activeMm.read(of(cpu, TASK)) >>> cpu * CPU_BITS);
    long stays = active < 0 ? 0 : ofTask(active);
    steps.atomic(
        "local_flush_tlb_all",
        () -> {
          for (int a = 1; a < setup.asids(); a++) {
            tlb.at(a).clear(ofCpu(cpu) & ~stays);
          }
        });
  }

  /// Models `flush_tlb_all()`: what the registers name may come back at once.
  void flushTlbAll() {
    long[] named = new long[setup.asids()];
    long active = activeMm.read();
    for (int c = 0; c < setup.cpus(); c++) {
      long mm = active >>> c * CPU_BITS & REGISTER;
      if ((mm & TASK) != 0 && task(mm) < setup.tasks().watched()) {
        named[Asid.number(mm)] |= entry(task(mm), c);
      }
    }
    steps.atomic(
        "flush_tlb_all",
        () -> {
          for (int a = 1; a < setup.asids(); a++) {
            tlb.at(a).write(named[a]);
          }
        });
  }

  /// Models the broadcast TLB invalidation of an ASID; nobody's has no entries.
  void flushTlbAsid(int asid) {
    tlb.at(asid).write(0);
  }

  /// The page-table entry is cleared; TLBs may hold it yet.
  void ptepClear(int task) {
    pte.at(task).write(UNMAPPED);
  }

  /// The page-table entry has been flushed: who runs the task must not see it any more.
  void flushed(int task) {
    pte.at(task).write(FLUSHED);
    if (isActive(task)) {
      mustBeFlushed(task, Asid.number(contextId.at(task).read(Asid.NUMBER)));
    }
  }

  private static long of(int cpu, long register) {
    return register << cpu * CPU_BITS;
  }

  private long entry(int task, int cpu) {
    return 1L << task * setup.cpus() + cpu;
  }

  private long ofTask(int task) {
    return (1L << setup.cpus()) - 1 << task * setup.cpus();
  }

  private long ofCpu(int cpu) {
    long all = 0;
    for (int t = 0; t < setup.tasks().watched(); t++) {
      all |= entry(t, cpu);
    }
    return all;
  }

  private static long mm(int task, int asid) {
    return (task + 1L) << TASK_SHIFT | asid;
  }

  private static int task(long mm) {
    return (int) ((mm & TASK) >>> TASK_SHIFT) - 1;
  }

  private String showRegisters(long value) {
    return IntStream.range(0, setup.cpus())
        .mapToObj(c -> showMm(value >>> c * CPU_BITS & REGISTER))
        .collect(Collectors.joining(" | "));
  }

  private static String showMm(long mm) {
    return (mm & TASK) == 0 ? "none" : "task " + task(mm) + " as ASID " + Asid.number(mm);
  }

  private static String showPte(long value) {
    return value == MAPPED ? "mapped" : value == UNMAPPED ? "unmapped" : "flushed";
  }

  private String showTlb(long entries) {
    var text = new ArrayList<String>();
    for (int t = 0; t < setup.tasks().watched(); t++) {
      for (int c = 0; c < setup.cpus(); c++) {
        if ((entries & entry(t, c)) != 0) {
          text.add("task " + t + " on CPU " + c);
        }
      }
    }
    return text.toString();
  }
}
