package shootdown.machine;

import java.util.stream.IntStream;
import shootdown.sched.Mutation;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Words;

/// The CPUs: whether they take interrupts, and which address spaces may be loaded on them.
public final class Cpus {
  private final Layout layout;
  private final Steps steps;
  private final Words interruptsOff;
  private final Words masks;

  Cpus(Program program, Layout layout) {
    this.layout = layout;
    this.steps = program.steps();
    this.interruptsOff = hidden(program, "irqs off cpu", layout.cpus());
    this.masks = hidden(program, "mm_cpumask", layout.spaces());
  }

  private static Words hidden(Program program, String name, int length) {
    return program.words(i -> name + i, length, 0, Long::toString, false);
  }

  public int count() {
    return layout.cpus();
  }

  /// `local_irq_save()`: this CPU takes no interrupts until [#irqRestore]. Nests.
  public void irqSave(int cpu) {
    if (!areLeftOn()) {
      steps.atomic("local_irq_save", () -> interruptsOff.at(cpu).add(1));
    }
  }

  /// `local_irq_restore()`: by the function that saved.
  public void irqRestore(int cpu) {
    if (!areLeftOn()) {
      steps.atomic("local_irq_restore", () -> interruptsOff.at(cpu).add(-1));
    }
  }

  /// Whether this CPU takes interrupts.
  public boolean takesInterrupts(int cpu) {
    return interruptsOff.at(cpu).is(0);
  }

  private boolean areLeftOn() {
    return steps.leavesOut(Mutation.Kind.INTERRUPTS, "irqs");
  }

  /// Notices if [#awaitInterruptible] would have to wait, where that is watched.
  public void watchInterruptible(int cpu) {
    if (steps.watches(Mutation.Kind.INTERRUPTS) && !takesInterrupts(cpu)) {
      steps.noticeWaiting();
    }
  }

  /// Waits until the CPU takes interrupts; only as the first operation of an atomic step.
  void awaitInterruptible(int cpu) {
    interruptsOff.at(cpu).await(0);
  }

  /// Interrupts every other CPU, for nothing but to be held off by who has interrupts off:
  /// `tlb_remove_table_sync_one()`.
  public void interruptOthers(int self) {
    if (steps.leavesOut(Mutation.Kind.FLUSH, "ipi")) {
      return;
    }
    steps.each(
        0,
        layout.cpus(),
        cpu -> {
          if (cpu != self) {
            watchInterruptible(cpu);
            steps.atomic("IPI", () -> awaitInterruptible(cpu));
          }
        });
  }

  /// Records in `mm_cpumask()` that the space may be loaded on this CPU from now on.
  public void load(int cpu, int space) {
    masks.at(space).set(1L << cpu);
  }

  /// Whether the space may be loaded on a CPU other than `self`.
  public boolean isLoadedElsewhere(int space, int self) {
    return masks.at(space).test(~(1L << self));
  }

  /// Whether the space may be loaded on this CPU.
  boolean mayHold(int cpu, int space) {
    return masks.at(space).test(1L << cpu);
  }

  /// The CPUs on which the space may be loaded, as a bit mask, without `self`.
  long othersWith(int space, int self) {
    return masks.at(space).read(~(1L << self));
  }

  IntStream all() {
    return IntStream.range(0, layout.cpus());
  }
}
