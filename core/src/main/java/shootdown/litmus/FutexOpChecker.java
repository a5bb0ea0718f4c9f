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
    constants("op", Family.FUTEX_WAKE_OP, futexOp.op());
    constants("cmp", Family.FUTEX_WAKE_CMP, futexOp.cmp());
    fits("oparg", futexOp.oparg());
    fits("cmparg", futexOp.cmparg());
  }

  private void constants(String name, Family family, Expression expression) {
    switch (expression) {
      case Expression.Constant(var constant, _, var at) -> {
        Family found = Constants.of(constant).orElseThrow().family();
        if (found != family) {
          diagnostics.add(at, constant + " does not fit here: argument '" + name
              + "' of FUTEX_OP() takes " + family.label());
        }
      }
      case Expression.Unary(_, var operand, _) -> constants(name, family, operand);
      case Expression.Binary(_, var left, var right, _) -> {
        constants(name, family, left);
        constants(name, family, right);
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
