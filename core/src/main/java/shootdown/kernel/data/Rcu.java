package shootdown.kernel.data;

import java.util.function.IntConsumer;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Words;

/// Read-copy-update, as far as page-table pages need it: a walk with interrupts off is a read-side
/// section, and a page-table page that was taken out of the page table is given back when every
/// section that had begun by then has ended.
///
/// That happens at once when the last of them ends: later would only mean that the page is reused
/// later. The grace period has no task of its own, and costs nothing where nobody reads.
///
/// ```text
/// waiting[cpu]    the page-table pages, as a bit mask, that wait for this CPU's section to end
/// ```
public final class Rcu {
  private final Machine machine;
  private final Steps steps;
  private final Layout layout;
  private final Words waiting;
  private final IntConsumer giveBack;

  /// @param giveBack what is done with a page-table page when its grace period is over: part of the
  ///     step that ends it
  Rcu(Program program, Machine machine, IntConsumer giveBack) {
    this.machine = machine;
    this.steps = program.steps();
    this.layout = machine.layout();
    this.waiting =
        program.words(
            i -> "rcu cpu" + i, machine.layout().cpus(), 0, Long::toBinaryString, false);
    this.giveBack = giveBack;
  }

  /// `local_irq_save()`: a read-side section begins on this CPU.
  public void irqSave(int cpu) {
    machine.cpus().irqSave(cpu);
  }

  /// `local_irq_restore()`: it ends.
  public void irqRestore(int cpu) {
    steps.atomic(
        "local_irq_restore",
        () -> {
          machine.cpus().irqRestore(cpu);
          long tables = waiting.at(cpu).read();
          if (tables != 0 && machine.cpus().takesInterrupts(cpu)) {
            waiting.at(cpu).write(0);
            steps.each(
                0,
                layout.tables(),
                table -> {
                  if ((tables >>> table & 1) != 0 && !isAwaited(table)) {
                    giveBack.accept(table);
                  }
                });
          }
        });
  }

  /// `call_rcu()`: gives the page-table page back after a grace period.
  public void callRcu(int table) {
    steps.each(0, layout.cpus(), machine.cpus()::watchInterruptible);
    steps.atomic(
        "call_rcu",
        () -> {
          steps.each(
              0,
              layout.cpus(),
              cpu -> {
                if (!machine.cpus().takesInterrupts(cpu)) {
                  waiting.at(cpu).set(1L << table);
                }
              });
          if (!isAwaited(table)) {
            giveBack.accept(table);
          }
        });
  }

  private boolean isAwaited(int table) {
    return steps.scope(
        () -> {
          for (int cpu = 0; cpu < layout.cpus(); cpu++) {
            if (waiting.at(cpu).test(1L << table)) {
              return true;
            }
          }
          return false;
        });
  }
}
