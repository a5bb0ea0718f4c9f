package shootdown.sched;

import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Who carries out the operations of tasks: the explorer that learns them, or the runner that runs
/// them as threads. Code under test never calls it; it uses [Steps], [Word] and [Lock].
///
/// ```text
/// history of a task = what it was told since it began, where
///   scope(body)    everything that body was told is replaced by body's result
///   loop(s, body)  everything that earlier turns were told is replaced by the live value
/// state of the program = memory + history of each task (+ where it stands in its loops and scopes)
/// ```
///
/// Equal histories perform equal operations. An executor may leave a scope's body out if it knows
/// the result; it may leave a task's code by throwing, so code under test must not catch
/// `Throwable` nor perform operations in a `finally` block.
public interface Executor {
  /// Performs one operation of the running task; tells its result ([Op#result]).
  long perform(Op op);

  /// Runs a stretch of code whose reads are forgotten when it returns.
  ///
  /// @param label a function's name, shown in traces; empty for none
  <T> T scope(String label, Supplier<T> body);

  /// Runs a stretch of code as one step that nobody can see half done; it is a scope, too. An
  /// operation that waits must be the first in it.
  <T> T atomically(String why, Supplier<T> body);

  /// Runs a loop whose turns forget all but their live value.
  <S, T> T loop(String label, S start, Function<S, Turn<S, T>> body);

  /// A remark for the reader of a trace; no step, and evaluated only where a trace is made.
  void note(Supplier<String> text);

  /// The running task is about to do what a [Mutation] could leave out; no step.
  ///
  /// @param site its name, `function/what`
  default void comesBy(String site) {
    // of interest to who runs tasks in simulated time
  }

  /// Changes what the running task believes to hold, without an operation; for [Mutation]s. A task
  /// that does so does it in every run with the same history.
  void pretend(UnaryOperator<HeldLocks> change);

  /// The locks that the running task holds.
  HeldLocks held();

  /// Number of the running task.
  int task();
}
