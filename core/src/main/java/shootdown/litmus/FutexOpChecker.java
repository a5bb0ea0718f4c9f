package shootdown.litmus;

import java.util.OptionalLong;

/// Checks `FUTEX_OP(op, oparg, cmp, cmparg)`.
final class FutexOpChecker {
  private static final int LARGEST = 0xFFF;
  private static final int SMALLEST = -0x800;

  private final Diagnostics diagnostics;

  FutexOpChecker(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  void check(Expression.FutexOp futexOp) {
    constants(Family.FUTEX_WAKE_OP, futexOp.op(),
        "argument 'op' of FUTEX_OP() takes FUTEX_OP_SET, _ADD, _OR, _ANDN, _XOR");
    constants(Family.FUTEX_WAKE_CMP, futexOp.cmp(),
        "argument 'cmp' of FUTEX_OP() takes FUTEX_OP_CMP_*");
    fits("oparg", futexOp.oparg());
    fits("cmparg", futexOp.cmparg());
  }

  private void constants(Family family, Expression expression, String takes) {
    switch (expression) {
      case Expression.Constant(var constant, _, var at) -> {
        if (Constants.of(constant).orElseThrow().family() != family) {
          diagnostics.add(at, constant + " does not fit here: " + takes);
        }
      }
      case Expression.Unary(_, var operand, _) -> constants(family, operand, takes);
      case Expression.Binary(_, var left, var right, _) -> {
        constants(family, left, takes);
        constants(family, right, takes);
      }
      case Expression.Literal _, Expression.Global _, Expression.Register _, Expression.Load _,
          Expression.FutexOp _, Expression.ThreadId _ -> { }
    }
  }

  private void fits(String name, Expression expression) {
    OptionalLong value = Evaluation.constant(expression);
    if (value.isPresent() && (value.getAsLong() < SMALLEST || value.getAsLong() > LARGEST)) {
      diagnostics.add(expression.at(),
          "argument '" + name + "' of FUTEX_OP() has 12 bits: -2048 to 4095");
    }
  }
}
