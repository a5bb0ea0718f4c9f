package shootdown.model.time;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import shootdown.machine.MachineProfile;
import shootdown.model.time.CostTable.Kind;
import shootdown.sched.Cost;
import shootdown.sched.Program;
import shootdown.sched.Timing;

/// How long the steps of a litmus test take on a machine.
public final class LitmusTiming implements Timing {
  private static final Pattern FUNCTION = Pattern.compile("[a-z_][a-z_0-9]*");

  private final CostTable table = CostTable.KNOWN;
  private final Program program;
  private final MachineProfile machine;
  private final IntPredicate isMemory;
  private final double pause;

  /// @param isMemory whether the word at an index belongs to a file that no disk is behind
  /// @param pauseNanos threads do something else for up to so long before each statement
  public LitmusTiming(
      Program program, MachineProfile machine, IntPredicate isMemory, double pauseNanos) {
    this.program = program;
    this.machine = machine;
    this.isMemory = isMemory;
    this.pause = pauseNanos;
  }

  @Override
  public List<Cost> costs(Step step) {
    var costs = new ArrayList<Cost>();
    if (step.kind().touchesWord()) {
      boolean atomic = step.kind().updates() || step.kind().isLocking();
      costs.add(table.of(atomic ? Kind.ATOMIC : Kind.ACCESS));
    }
    for (var name : step.entered()) {
      if (name.equals("shootdown")) {
        costs.add(table.of(remoteFlush()));
      } else {
        table.named(name).map(kind -> ofMemory(step, kind)).map(table::of).ifPresent(costs::add);
      }
    }
    int before = step.inside().size() - step.entered().size();
    if (pause > 0 && before == 0 && !step.inside().isEmpty()) {
      costs.add(new Cost.UpTo(pause, true));
    }
    if (entersKernel(step, before)) {
      costs.add(table.of(Kind.SYSTEM_CALL));
    }
    return List.copyOf(costs);
  }

  private Kind remoteFlush() {
    return machine.shootdown() == MachineProfile.Shootdown.IPI ? Kind.IPI : Kind.TLBI;
  }

  /// Nothing is read from a disk where there is none: a page is cleared.
  private Kind ofMemory(Step step, Kind kind) {
    return kind == Kind.DISK && isMemory.test(step.word()) ? Kind.PAGE : kind;
  }

  /// Whether the outermost kernel function is entered, and is no page fault.
  private static boolean entersKernel(Step step, int before) {
    for (int i = 0; i < step.inside().size(); i++) {
      if (FUNCTION.matcher(step.inside().get(i)).matches()) {
        return i >= before && !step.inside().get(i).equals("page_fault");
      }
    }
    return false;
  }

  @Override
  public List<Cost> resuming(Step step) {
    return List.of(
        table.of(
            switch (step.kind()) {
              case LOCK, READ_LOCK ->
                  program.lockAt(step.word()).sleeps() ? Kind.WAKE_UP : Kind.HAND_OVER;
              default -> waiting(step);
            }));
  }

  private Kind waiting(Step step) {
    if (step.inside().contains("store drains")) {
      return Kind.STORE_BUFFER;
    }
    boolean forInterrupts = step.inside().contains("shootdown") || step.inside().contains("IPI");
    return forInterrupts ? Kind.IPI : Kind.WAKE_UP;
  }

  @Override
  public List<Interruption> interruptions() {
    return table.interruptions();
  }

  /// The hardware chooses among the page tables, the first, and what its TLB may still hold.
  @Override
  public int choose(Step step, int n, RandomGenerator random) {
    if (!step.inside().contains("access")) {
      return random.nextInt(n);
    }
    return random.nextDouble() < table.stale() ? 1 + random.nextInt(n - 1) : 0;
  }
}
