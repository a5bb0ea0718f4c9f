package shootdown.litmus;

import java.util.Optional;
import shootdown.litmus.Expression.Binary;
import shootdown.litmus.Expression.FutexOp;
import shootdown.litmus.Expression.Literal;
import shootdown.litmus.Expression.Load;
import shootdown.litmus.Expression.Unary;

/// Reads expressions, by precedence climbing.
final class ExpressionParser {
  /// How many operators one expression may have.
  static final int MAX_OPERATORS = 256;

  /// Shifts and what binds tighter: in a condition `/\` and `=` stand around a value.
  private static final int CONDITION_VALUE = BinaryOperator.SHIFT_LEFT.precedence();

  private final Cursor cursor;
  private final Scope scope;
  private int operators;

  ExpressionParser(Cursor cursor, Scope scope) {
    this.cursor = cursor;
    this.scope = scope;
  }

  Expression expression() {
    operators = 0;
    return binary(1);
  }

  /// The right side of a comparison in a condition.
  Expression conditionValue() {
    operators = 0;
    return binary(CONDITION_VALUE);
  }

  private Expression binary(int loosest) {
    Expression left = unary();
    while (true) {
      Optional<BinaryOperator> operator = cursor.peek().kind() == Token.Kind.SYMBOL
          ? BinaryOperator.of(cursor.peek().text()) : Optional.empty();
      if (operator.isEmpty() || operator.get().precedence() < loosest) {
        return left;
      }
      countOperator();
      cursor.next();
      Expression right = binary(operator.get().precedence() + 1);
      left = new Binary(operator.get(), left, right, left.at().to(right.at()));
      checkOperands(operator.get(), right);
    }
  }

  private void countOperator() {
    operators++;
    if (operators > MAX_OPERATORS) {
      throw cursor.fail("an expression has at most " + MAX_OPERATORS + " operators");
    }
  }

  private void checkOperands(BinaryOperator operator, Expression right) {
    switch (operator) {
      case DIVIDE, REMAINDER -> {
        if (Evaluation.constant(right).orElse(0) == 0) {
          cursor.report(right.at(), "a divisor is a constant other than 0");
        }
      }
      case SHIFT_LEFT, SHIFT_RIGHT -> {
        long count = Evaluation.constant(right).orElse(0);
        if (count < 0 || count > 63) {
          cursor.report(right.at(), "a word has 64 bits: shift it by 0 to 63");
        }
      }
      default -> { }
    }
  }

  private Expression unary() {
    Token token = cursor.peek();
    if (token.kind() != Token.Kind.SYMBOL) {
      return postfix(primary());
    }
    return switch (token.text()) {
      case "*" -> {
        Expression address = operand();
        Position at = token.at().to(address.at());
        yield new Load(new Place.Deref(address, at), at);
      }
      case "+" -> operand();
      case "-" -> unary(UnaryOperator.NEGATE, token);
      case "~" -> unary(UnaryOperator.COMPLEMENT, token);
      case "!" -> unary(UnaryOperator.NOT, token);
      case "&" -> throw cursor.fail(
          "'&' stands only before a register where a system call takes a buffer: &r1");
      case "++", "--" -> throw cursor.fail("there is no '" + token.text()
          + "': write r1 = r1 " + token.text().charAt(0) + " 1");
      default -> postfix(primary());
    };
  }

  private Expression unary(UnaryOperator operator, Token token) {
    Expression operand = operand();
    return new Unary(operator, operand, token.at().to(operand.at()));
  }

  private Expression operand() {
    countOperator();
    return cursor.nested(() -> {
      cursor.next();
      return unary();
    });
  }

  private Expression postfix(Expression start) {
    Expression expression = start;
    while (cursor.at("[")) {
      countOperator();
      cursor.next();
      Expression index = nested();
      cursor.expect("]");
      Position at = cursor.since(start.at());
      expression = new Load(new Place.Word(expression, index, at), at);
    }
    if (cursor.at("->")) {
      throw cursor.fail("there are no structures: write *(p + offset)");
    }
    return expression;
  }

  private Expression nested() {
    return cursor.nested(() -> binary(1));
  }

  private Expression primary() {
    Token token = cursor.peek();
    if (token.isNumber()) {
      cursor.next();
      return new Literal(Numbers.value(token, cursor.diagnostics()), token.at());
    }
    if (token.isWord() && !Words.isReserved(token.text())) {
      return word();
    }
    if (token.is("(")) {
      return parenthesis();
    }
    if (Words.isType(token.text())) {
      throw cursor.fail("there are no types: every value is a 64-bit word");
    }
    throw cursor.fail("expected an expression, found " + token.quoted());
  }

  private Expression parenthesis() {
    Token open = cursor.next();
    if (cursor.peek().isWord() && Words.isType(cursor.peek().text())) {
      throw cursor.fail("there are no casts: every value is a 64-bit word");
    }
    Expression inner = nested();
    if (cursor.at("=")) {
      throw cursor.fail("'=' assigns: write '==' to compare");
    }
    if (cursor.at(")")) {
      cursor.next();
      return inner;
    }
    throw cursor.fail("expected ')' for the '(' at " + open.at() + ", found "
        + cursor.peek().quoted());
  }

  private Expression word() {
    Token token = cursor.next();
    String name = token.text();
    if (cursor.at("(")) {
      return function(token);
    }
    if (ThreadName.isOne(name)) {
      cursor.report(token.at(), name + " is a thread, not a value");
      return new Literal(0, token.at());
    }
    Optional<Constants.Entry> constant = Constants.of(name);
    if (constant.isPresent()) {
      return new Expression.Constant(name, constant.get().value(), token.at());
    }
    if (Words.looksLikeConstant(name)) {
      cursor.diagnostics().add(token.at(), () -> "unknown constant " + token.quoted()
          + Suggestion.of(name, Constants.names()));
      return new Literal(1, token.at());
    }
    return scope.isGlobal(name)
        ? new Expression.Global(name, token.at()) : new Expression.Register(name, token.at());
  }

  private Expression function(Token name) {
    return switch (name.text()) {
      case "gettid" -> {
        cursor.expect("(");
        cursor.expect(")");
        yield new Expression.ThreadId(cursor.since(name.at()));
      }
      case "FUTEX_OP" -> futexOp(name);
      default -> throw cursor.failAt(name, SystemCall.of(name.text()).isPresent()
          ? "a system call stands alone or is the whole right side of an assignment: "
              + "assign the result of " + name.text() + "() to a register first"
          : Words.unknownFunction(name.text()));
    };
  }

  private Expression futexOp(Token name) {
    cursor.expect("(");
    Expression op = nested();
    cursor.expect(",");
    Expression oparg = nested();
    cursor.expect(",");
    Expression cmp = nested();
    cursor.expect(",");
    Expression cmparg = nested();
    cursor.expect(")");
    return new FutexOp(op, oparg, cmp, cmparg, cursor.since(name.at()));
  }
}
