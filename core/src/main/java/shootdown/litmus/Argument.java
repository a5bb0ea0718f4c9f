package shootdown.litmus;

/// What a system call is given: a value, a buffer, or a thread.
public sealed interface Argument {
  Position at();

  /// `&r1`: the system call reads or writes this register (in the initial state: this name).
  record Buffer(String register, Position at) implements Argument {}

  /// `P2`, as `fork(P2)` and `wait(P2)` name a child.
  record Child(int thread, Position at) implements Argument {}

  /// A value; [Expression] is the only implementation.
  sealed interface Value extends Argument permits Expression {}
}
