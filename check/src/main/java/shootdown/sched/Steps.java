package shootdown.sched;

import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/// What code under test can do besides touching words and locks: scopes, loops, choices, verdicts.
///
/// One kernel function is one scope; so is the body of a loop. What a scope returns is all that its
/// caller's history keeps, so return little, and values with equals (records, enums, numbers).
public final class Steps {
  private final Program program;
  private Executor executor;

  Steps(Program program) {
    this.program = program;
    this.executor = Unbound.INSTANCE;
  }

  public Program program() {
    return program;
  }

  /// A scope with a name that traces show: a kernel function, a system call.
  public <T> T call(String function, Supplier<T> body) {
    return executor.scope(function, body);
  }

  /// As [#call] for code without a result.
  public void run(String function, Runnable body) {
    executor.scope(function, unit(body));
  }

  /// A scope without a name.
  public <T> T scope(Supplier<T> body) {
    return executor.scope("", body);
  }

  /// A scope without a name or a result.
  public void forget(Runnable body) {
    executor.scope("", unit(body));
  }

  /// One step for all others to see; an operation that waits may only be its first.
  public <T> T atomically(String why, Supplier<T> body) {
    return executor.atomically(why, body);
  }

  /// As [#atomically] for code without a result.
  public void atomic(String why, Runnable body) {
    executor.atomically(why, unit(body));
  }

  /// A loop with live values; each turn forgets all else. See [Turn].
  public <S, T> T loop(String label, S start, Function<S, Turn<S, T>> body) {
    return executor.loop(label, start, body);
  }

  /// Tries until `body` gives a result: [Turn#again] with any value forgets the try.
  public <T> T retry(String label, Supplier<Turn<Boolean, T>> body) {
    return executor.loop(label, true, _ -> body.get());
  }

  /// For i = from … to-1, each turn a scope.
  public void each(int from, int to, IntConsumer body) {
    for (int i = from; i < to; i++) {
      int turn = i;
      forget(() -> body.accept(turn));
    }
  }

  /// Any of 0 … n-1; the checker follows each.
  public int choose(int n) {
    return n == 1 ? 0 : (int) executor.perform(new Op(OpKind.CHOOSE, -1, n, 0));
  }

  /// Reports a violation and goes on.
  public void violate(Violation violation) {
    executor.perform(new Op(OpKind.VIOLATE, -1, program.idOf(violation), 0));
  }

  /// Reports a violation and ends this path; does not return.
  public RuntimeException fail(Violation violation) {
    executor.perform(new Op(OpKind.FAIL, -1, program.idOf(violation), 0));
    throw new IllegalStateException("an executor went on after " + violation);
  }

  /// The task got something done: a cycle through here is no livelock.
  public void progress() {
    executor.perform(new Op(OpKind.PROGRESS, -1, 0, 0));
  }

  /// A remark for the reader of a trace.
  public void note(Supplier<String> text) {
    executor.note(text);
  }

  public HeldLocks held() {
    return executor.held();
  }

  /// Number of the running task.
  public int task() {
    return executor.task();
  }

  /// Who carries out operations now. For executors.
  public Executor executor() {
    return executor;
  }

  /// Binds an executor; for executors. One program is run by one executor at a time.
  public void bind(Executor newExecutor) {
    executor = newExecutor;
  }

  private static Supplier<Boolean> unit(Runnable body) {
    return () -> {
      body.run();
      return true;
    };
  }
}
