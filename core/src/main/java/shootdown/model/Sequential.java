package shootdown.model;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import shootdown.machine.Machine;
import shootdown.sched.Executor;
import shootdown.sched.HeldLocks;
import shootdown.sched.Op;
import shootdown.sched.OpKind;
import shootdown.sched.Program;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// Runs code alone, from the program's initial memory, and makes what it leaves the new initial
/// memory: how a test's initial state comes about. Where the hardware could choose, it takes the
/// first; the threads have not started, so nobody can tell.
final class Sequential implements Executor {
  /// A violation while nothing else was running.
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Violation violation;

    Failed(Violation violation) {
      super(violation.property() + ": " + violation.message());
      this.violation = violation;
    }

    Violation violation() {
      return violation;
    }
  }

  /// Rounds of one loop: a thread may count for ever, with nothing else being alike.
  private static final long MOST_ROUNDS = 1_000_000;

  /// Rounds after which it is looked whether one is like an earlier one.
  private static final long FEW_ROUNDS = 64;

  private final Program program;
  private final long[] memory;
  private final Deque<Runnable> waiting;
  private HeldLocks held = HeldLocks.NONE;

  private Sequential(Program program, List<Runnable> bodies) {
    this.program = program;
    this.memory = program.initialMemory();
    this.waiting = new ArrayDeque<>(bodies);
  }

  /// Runs bodies one after the other; one that has to wait lets the next ones go first.
  ///
  /// @throws Failed if one violates a property, or would wait for ever
  static void run(Program program, List<Runnable> bodies) {
    var executor = new Sequential(program, bodies);
    program.steps().bind(executor);
    while (!executor.waiting.isEmpty()) {
      executor.waiting.remove().run();
    }
    program.init(executor.memory);
  }

  @Override
  public long perform(Op op) {
    if (op.kind() == OpKind.VIOLATE || op.kind() == OpKind.FAIL) {
      throw new Failed(program.violation(op.a()));
    }
    if (!op.kind().touchesWord()) {
      return 0;
    }
    while (!op.enabled(memory[op.word()])) {
      if (waiting.isEmpty()) {
        throw new Failed(new Violation(Violation.DEADLOCK, "waits for ever"));
      }
      waiting.remove().run();
    }
    long before = memory[op.word()];
    memory[op.word()] = op.after(before, 0);
    long result = op.result(before);
    if (op.kind().isLocking()) {
      held = held.after(op, result, program.lockAt(op.word()));
    }
    return result;
  }

  @Override
  public <T> T scope(String label, Supplier<T> body) {
    return body.get();
  }

  @Override
  public <T> T atomically(String why, Supplier<T> body) {
    return body.get();
  }

  @Override
  public <S, T> T loop(String label, S start, Function<S, Turn<S, T>> body) {
    var turn = body.apply(start);
    var earlier = Optional.<Round>empty();
    long look = FEW_ROUNDS;
    for (long i = 1; turn instanceof Turn.Again<S, T>(var live); i++) {
      if (earlier.isPresent() && earlier.get().isNow(this, live)) {
        throw new Failed(new Violation(Violation.LIVELOCK, label + " goes on for ever"));
      }
      if (i == look) {
        earlier = Optional.of(new Round(memory.clone(), live, waiting.size()));
        look *= 2;
      }
      if (i == MOST_ROUNDS) {
        throw new Failed(
            new Violation(Machine.LIMIT, "a loop goes round " + MOST_ROUNDS + " times"));
      }
      turn = body.apply(live);
    }
    return ((Turn.Done<S, T>) turn).result();
  }

  /// Where a loop began a round. As nobody else runs, one that is like an earlier one is so again.
  private record Round(long[] memory, Object live, int waiting) {
    boolean isNow(Sequential sequential, Object live) {
      return waiting == sequential.waiting.size()
          && live.equals(this.live)
          && Arrays.equals(memory, sequential.memory);
    }
  }

  @Override
  public void note(Supplier<String> text) {}

  @Override
  public void pretend(UnaryOperator<HeldLocks> change) {
    held = change.apply(held);
  }

  @Override
  public HeldLocks held() {
    return held;
  }

  @Override
  public int task() {
    return 0;
  }
}
