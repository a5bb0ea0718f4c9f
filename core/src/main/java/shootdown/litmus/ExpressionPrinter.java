package shootdown.litmus;

import java.util.stream.Collectors;

/// Writes expressions, places and calls with the fewest parentheses.
final class ExpressionPrinter {
  private static final int UNARY = 11;

  private ExpressionPrinter() {}

  static String source(Source source) {
    return switch (source) {
      case Expression expression -> expression(expression);
      case Call(var function, var arguments, _) -> function.functionName()
          + arguments.stream().map(ExpressionPrinter::argument)
              .collect(Collectors.joining(", ", "(", ")"));
    };
  }

  private static String argument(Argument argument) {
    return switch (argument) {
      case Argument.Buffer(var register, _) -> "&" + register;
      case Argument.Child(var thread, _) -> "P" + thread;
      case Expression expression -> expression(expression);
    };
  }

  static String expression(Expression expression) {
    return atLeast(0, expression);
  }

  static String place(Place place) {
    return switch (place) {
      case Place.Deref(var address, _) -> "*" + atLeast(UNARY, address);
      case Place.Word(var base, var index, _) -> base(base) + "[" + expression(index) + "]";
    };
  }

  private static String base(Expression base) {
    return switch (base) {
      case Expression.Global _, Expression.Register _, Expression.Constant _,
          Expression.Literal _, Expression.ThreadId _, Expression.FutexOp _ -> expression(base);
      case Expression.Load(Place.Word word, _) -> place(word);
      case Expression.Load _, Expression.Unary _, Expression.Binary _ ->
          "(" + expression(base) + ")";
    };
  }

  private static String atLeast(int precedence, Expression expression) {
    return switch (expression) {
      case Expression.Literal(var value, _) -> literal(value);
      case Expression.Constant(var name, _, _) -> name;
      case Expression.Global(var name, _) -> name;
      case Expression.Register(var name, _) -> name;
      case Expression.Load(var place, _) -> place(place);
      case Expression.Unary(var operator, var operand, _) -> unary(operator, operand);
      case Expression.Binary(var operator, var left, var right, _) -> {
        int own = operator.precedence();
        String text = atLeast(own, left) + blank(operator) + operator.symbol() + blank(operator)
            + atLeast(own + 1, right);
        yield own < precedence ? "(" + text + ")" : text;
      }
      case Expression.FutexOp(var op, var oparg, var cmp, var cmparg, _) ->
          "FUTEX_OP(" + expression(op) + ", " + expression(oparg) + ", " + expression(cmp) + ", "
              + expression(cmparg) + ")";
      case Expression.ThreadId _ -> "gettid()";
    };
  }

  /// `PROT_READ|PROT_WRITE` is written without blanks.
  private static String blank(BinaryOperator operator) {
    return operator == BinaryOperator.OR ? "" : " ";
  }

  private static String unary(UnaryOperator operator, Expression operand) {
    boolean again = operator == UnaryOperator.NEGATE && operand instanceof Expression.Unary(
        var inner, _, _) && inner == UnaryOperator.NEGATE;
    String text = atLeast(UNARY, operand);
    return operator.symbol() + (again ? "(" + text + ")" : text);
  }

  private static String literal(long value) {
    return value < 0 ? "0x" + Long.toHexString(value) : Long.toString(value);
  }
}
