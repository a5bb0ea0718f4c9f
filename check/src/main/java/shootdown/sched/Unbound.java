package shootdown.sched;

import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// The executor of a program that nobody runs: shared state is out of reach.
enum Unbound implements Executor {
  INSTANCE;

  @Override
  public long perform(Op op) {
    throw nobody();
  }

  @Override
  public <T> T scope(String label, Supplier<T> body) {
    throw nobody();
  }

  @Override
  public <T> T atomically(String why, Supplier<T> body) {
    throw nobody();
  }

  @Override
  public <S, T> T loop(String label, S start, Function<S, Turn<S, T>> body) {
    throw nobody();
  }

  @Override
  public void note(Supplier<String> text) {
    throw nobody();
  }

  @Override
  public void pretend(UnaryOperator<HeldLocks> change) {
    throw nobody();
  }

  @Override
  public HeldLocks held() {
    throw nobody();
  }

  @Override
  public int task() {
    throw nobody();
  }

  private static IllegalStateException nobody() {
    return new IllegalStateException("shared state was touched outside of a run");
  }
}
