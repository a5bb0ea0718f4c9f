package shootdown.examples.asid;

import shootdown.examples.asid.Setup.Sharing;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Violation;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// The hardware: what each CPU's translation register names, which entries the TLBs may hold, and
/// one page-table entry of each task. Each of its methods is one step, or part of one.
///
/// ```text
/// active_mm[cpu]   bit 8: not switching │ bits 4-7: task + 1, 0 for none │ bits 0-3: ASID
/// tlb              a bit for each task, ASID and CPU: such an entry may be there
/// pte[task]        0 mapped, 1 unmapped, 2 unmapped and flushed
/// ```
///
/// A mapped entry may be loaded as soon as its task is in the register, so it is from then on.
/// What must always hold is looked at in the steps that could end it.
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

  private static final int TASK_SHIFT = Asid.BITS;
  private static final long TASK = 0xfL << TASK_SHIFT;
  private static final long SETTLED = 0x100;

  private static final long MAPPED = 0;
  private static final long UNMAPPED = 1;
  private static final long FLUSHED = 2;

  private final Setup setup;
  private final Steps steps;
  private final Words contextId;
  private final Words activeMm;
  private final Words pte;
  private final Word tlb;

  /// @param contextId of each task, whose ASID new entries get
  Tlbs(Program program, Setup setup, Words contextId) {
    this.setup = setup;
    this.contextId = contextId;
    steps = program.steps();
    activeMm = program.words(i -> "active_mm[" + i + "]", setup.cpus(), 0, Tlbs::showMm, true);
    int watched = setup.tasks().watched();
    pte = program.words(i -> "pte[" + i + "]", watched, MAPPED, Tlbs::showPte, true);
    tlb = program.words(_ -> "tlb", 1, 0, this::showTlb, true).at(0);
  }

  /// The CPU begins to switch.
  void beginSwitch(int cpu) {
    if (setup.sharing() == Sharing.COMMON) {
      activeMm.at(cpu).clear(SETTLED | TASK);
    } else {
      activeMm.at(cpu).clear(SETTLED);
    }
  }

  /// Models `cpu_switch_mm()`: the task's tables are in use from here on.
  void cpuSwitchMm(int cpu, int task, int asid) {
    if (asid == 0) {
      throw steps.fail(NO_ASID);
    }
    activeMm.at(cpu).write(mm(task, asid) | SETTLED);
    for (int other = 0; other < setup.cpus(); other++) {
      if (other != cpu) {
        mustAgree(task, asid, other);
      }
    }
    if (task >= setup.tasks().watched()) {
      return;
    }
    int inMemory = Asid.number(contextId.at(task).read(Asid.NUMBER));
    if (pte.at(task).is(MAPPED)) {
      tlb.set(entry(task, inMemory, cpu));
      mustBeUnique(cpu, task, inMemory);
    } else {
      mustBeFlushed(task, inMemory);
    }
  }

  private void mustAgree(int task, int asid, int other) {
    for (int a = 1; a < setup.asids(); a++) {
      if (a != asid && activeMm.at(other).is(mm(task, a) | SETTLED)) {
        throw steps.fail(TWO_ASIDS);
      }
    }
    if (setup.sharing() == Sharing.PRIVATE) {
      return;
    }
    for (int t = 0; t < setup.tasks().running(); t++) {
      if (t != task
          && (activeMm.at(other).is(mm(t, asid)) || activeMm.at(other).is(mm(t, asid) | SETTLED))) {
        throw steps.fail(ONE_ASID);
      }
    }
  }

  private void mustBeUnique(int cpu, int task, int asid) {
    long sameAsid = 0;
    long sameTask = 0;
    for (int t = 0; t < setup.tasks().watched(); t++) {
      sameAsid |= t == task ? 0 : entry(t, asid, cpu);
    }
    if (tlb.test(sameAsid)) {
      throw steps.fail(DUPLICATE_ASID);
    }
    if (setup.sharing() == Sharing.PRIVATE) {
      return;
    }
    for (int c = 0; c < setup.cpus(); c++) {
      for (int t = 0; t < setup.tasks().watched(); t++) {
        sameAsid |= t == task ? 0 : entry(t, asid, c);
      }
      for (int a = 1; a < setup.asids(); a++) {
        sameTask |= a == asid ? 0 : entry(task, a, c);
      }
    }
    if (tlb.test(sameAsid | sameTask)) {
      throw steps.fail(DUPLICATE_ANYWHERE);
    }
  }

  /// Looks at a task that runs somewhere.
  private void mustBeFlushed(int task, int asid) {
    if (pte.at(task).is(FLUSHED) && asid != 0 && tlb.test(ofTask(task, asid))) {
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
    for (int c = 0; c < setup.cpus(); c++) {
      if (activeMm.at(c).read(TASK) == mm(task, 0)) {
        return true;
      }
    }
    return false;
  }

  /// Models `local_flush_tlb_all()`: what the CPU's register names may come back at once.
  void localFlushTlbAll(int cpu) {
    long active = activeMm.at(cpu).read(TASK);
    long gone = 0;
    for (int t = 0; t < setup.tasks().watched(); t++) {
      gone |= active == mm(t, 0) ? 0 : ofCpu(t, cpu);
    }
    tlb.clear(gone);
  }

  /// Models `flush_tlb_all()`: what the registers name may come back at once.
  void flushTlbAll() {
    long all = 0;
    for (int c = 0; c < setup.cpus(); c++) {
      long active = activeMm.at(c).read(TASK | Asid.NUMBER);
      boolean watched = (active & TASK) != 0 && task(active) < setup.tasks().watched();
      all |= !watched ? 0 : entry(task(active), Asid.number(active), c);
    }
    tlb.write(all);
  }

  /// Models the broadcast TLB invalidation of an ASID.
  void flushTlbAsid(int asid) {
    long gone = 0;
    for (int t = 0; t < setup.tasks().watched() && asid != 0; t++) {
      gone |= ofTask(t, asid);
    }
    tlb.clear(gone);
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

  private long entry(int task, int asid, int cpu) {
    return 1L << (task * (setup.asids() - 1) + asid - 1) * setup.cpus() + cpu;
  }

  private long ofTask(int task, int asid) {
    return (1L << setup.cpus()) - 1 << (task * (setup.asids() - 1) + asid - 1) * setup.cpus();
  }

  private long ofCpu(int task, int cpu) {
    long all = 0;
    for (int a = 1; a < setup.asids(); a++) {
      all |= entry(task, a, cpu);
    }
    return all;
  }

  private static long mm(int task, int asid) {
    return (task + 1L) << TASK_SHIFT | asid;
  }

  private static int task(long mm) {
    return (int) ((mm & TASK) >>> TASK_SHIFT) - 1;
  }

  private static String showMm(long mm) {
    return (mm & TASK) == 0 ? "none" : "task " + task(mm) + " as ASID " + Asid.number(mm);
  }

  private static String showPte(long value) {
    return value == MAPPED ? "mapped" : value == UNMAPPED ? "unmapped" : "flushed";
  }

  private String showTlb(long entries) {
    var text = new StringBuilder();
    for (int t = 0; t < setup.tasks().watched(); t++) {
      for (int a = 1; a < setup.asids(); a++) {
        for (int c = 0; c < setup.cpus(); c++) {
          if ((entries & entry(t, a, c)) != 0) {
            text.append(text.isEmpty() ? "" : ", ");
            text.append("task ").append(t).append(" as ASID ").append(a);
            text.append(" on CPU ").append(c);
          }
        }
      }
    }
    return "{" + text + "}";
  }
}
