package shootdown.check;

import shootdown.sched.Op;
import shootdown.sched.Violation;

/// Something that happens in a run, as its reader wants to see it.
public sealed interface Event {
  /// Number of the task that does it; -1 where no task does.
  int task();

  /// Into a scope that has a name.
  record Enter(int task, String label) implements Event {}

  /// Out of a scope that has a name.
  record Exit(int task, String label) implements Event {}

  /// One operation.
  ///
  /// @param task who performs it
  /// @param op what it is
  /// @param before what its word held before it; 0 if it touches none
  /// @param after what its word holds after it
  /// @param result what the task is told
  /// @param atomic label of the atomic block that it is part of; empty for none
  record Performed(int task, Op op, long before, long after, long result, String atomic)
      implements Event {}

  /// A remark of the program's.
  record Note(int task, String text) implements Event {}

  /// A violation: of the operation before, or of the state at the end (no task then).
  record Violated(int task, Violation violation) implements Event {}
}
