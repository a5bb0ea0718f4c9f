package shootdown.examples.lock;

import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Violation;
import shootdown.sched.Word;

/// A place where one task at a time may be.
final class CriticalSection {
  /// Two tasks are in the critical section.
  static final Violation TWO_INSIDE =
      new Violation("mutual exclusion", "two tasks are in the critical section");

  private final Steps steps;
  private final Word inside;

  CriticalSection(Program program) {
    steps = program.steps();
    inside = program.word("inside", 0);
  }

  /// Goes in and out: two steps, between which another task may notice.
  void visit() {
    if (inside.testAndSet(1)) {
      throw steps.fail(TWO_INSIDE);
    }
    inside.write(0);
  }
}
