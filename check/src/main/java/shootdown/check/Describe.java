package shootdown.check;

import shootdown.sched.Op;
import shootdown.sched.OpKind;
import shootdown.sched.Program;

/// Words for messages.
final class Describe {
  private Describe() {}

  /// An operation as `CAS x (0, 1)`.
  static String op(Program program, Op op) {
    if (op.kind() == OpKind.VIOLATE || op.kind() == OpKind.FAIL) {
      return op.kind() + " " + program.violation(op.a());
    }
    String word = op.word() < 0 ? "" : " " + program.nameOf(op.word());
    return op.kind() + word + " (" + op.a() + ", " + op.b() + ")";
  }
}
