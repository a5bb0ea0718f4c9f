package shootdown.host.worker;

import java.util.Optional;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Assembler.Operation;
import shootdown.host.x86.Assembler.Shift;
import shootdown.host.x86.Condition;
import shootdown.host.x86.Reg;
import shootdown.litmus.BinaryOperator;
import shootdown.litmus.Evaluation;
import shootdown.litmus.Expression;
import shootdown.litmus.UnaryOperator;

/// Machine code that computes expressions: the value goes to RAX; RCX and RDX are destroyed, and
/// what must be kept meanwhile is on the stack.
///
/// Between a store and the load behind it stands as little as can be: a store buffer drains in a
/// few nanoseconds.
final class ExpressionCode {
  private final Assembler code;
  private final Names names;

  /// Where names are.
  interface Names {
    /// Address of a name of the initial state.
    long global(String name);

    /// Address of a register.
    long register(String name);
  }

  ExpressionCode(Assembler code, Names names) {
    this.code = code;
    this.names = names;
  }

  /// RAX becomes the value.
  void value(Expression expression) {
    var constant = Evaluation.constant(expression);
    if (constant.isPresent()) {
      code.move(Reg.RAX, constant.getAsLong());
      return;
    }
    switch (expression) {
      case Expression.Literal(var value, _) -> code.move(Reg.RAX, value);
      case Expression.Constant(_, var value, _) -> code.move(Reg.RAX, value);
      case Expression.Global _, Expression.Register _ ->
          code.load(Reg.RAX, slot(expression).orElseThrow());
      case Expression.Load(var place, _) -> {
        address(place.address());
        code.load(Reg.RAX, Reg.RCX, 0);
      }
      case Expression.Unary(var operator, var operand, _) -> {
        value(operand);
        unary(operator);
      }
      case Expression.Binary(var operator, var left, var right, _) ->
          binary(operator, left, right);
      case Expression.FutexOp operation -> futexOperation(operation);
      case Expression.ThreadId _ -> {
        code.move(Reg.RAX, LinuxCall.GETTID.number());
        code.syscall();
      }
    }
  }

  /// RCX becomes the value; RAX is kept.
  void address(Expression expression) {
    var constant = Evaluation.constant(expression);
    if (constant.isPresent()) {
      code.move(Reg.RCX, constant.getAsLong());
      return;
    }
    var slot = slot(expression);
    if (slot.isPresent()) {
      code.load(Reg.RCX, slot.get());
      return;
    }
    if (expression instanceof Expression.Binary(var operator, var left, var right, _)
        && operator == BinaryOperator.ADD && slot(left).isPresent()) {
      var offset = Evaluation.constant(right);
      if (offset.isPresent() && offset.getAsLong() == (int) offset.getAsLong()) {
        code.load(Reg.RCX, slot(left).get());
        code.apply(Operation.ADD, Reg.RCX, (int) offset.getAsLong());
        return;
      }
    }
    code.push(Reg.RAX);
    value(expression);
    code.move(Reg.RCX, Reg.RAX);
    code.pop(Reg.RAX);
  }

  private Optional<Long> slot(Expression expression) {
    return switch (expression) {
      case Expression.Global(var name, _) -> Optional.of(names.global(name));
      case Expression.Register(var name, _) -> Optional.of(names.register(name));
      default -> Optional.empty();
    };
  }

  private void unary(UnaryOperator operator) {
    switch (operator) {
      case NEGATE -> code.negate(Reg.RAX);
      case COMPLEMENT -> code.not(Reg.RAX);
      case NOT -> {
        code.test(Reg.RAX, Reg.RAX);
        code.setRax(Condition.EQUAL);
      }
    }
  }

  private void binary(BinaryOperator operator, Expression left, Expression right) {
    switch (operator) {
      case AND_THEN -> shortCut(left, right, Condition.EQUAL);
      case OR_ELSE -> shortCut(left, right, Condition.NOT_EQUAL);
      default -> {
        value(left);
        code.push(Reg.RAX);
        value(right);
        code.move(Reg.RCX, Reg.RAX);
        code.pop(Reg.RAX);
        apply(operator);
      }
    }
  }

  private void shortCut(Expression left, Expression right, Condition decided) {
    var end = code.label();
    value(left);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(decided, end);
    value(right);
    code.test(Reg.RAX, Reg.RAX);
    code.bind(end);
    code.setRax(Condition.NOT_EQUAL);
  }

  private void apply(BinaryOperator operator) {
    switch (operator) {
      case OR_ELSE, AND_THEN -> throw new IllegalArgumentException("decided by jumps");
      case OR -> code.apply(Operation.OR, Reg.RAX, Reg.RCX);
      case XOR -> code.apply(Operation.XOR, Reg.RAX, Reg.RCX);
      case AND -> code.apply(Operation.AND, Reg.RAX, Reg.RCX);
      case ADD -> code.apply(Operation.ADD, Reg.RAX, Reg.RCX);
      case SUBTRACT -> code.apply(Operation.SUB, Reg.RAX, Reg.RCX);
      case MULTIPLY -> code.multiply(Reg.RAX, Reg.RCX);
      case SHIFT_LEFT -> code.shift(Shift.LEFT, Reg.RAX);
      case SHIFT_RIGHT -> code.shift(Shift.ARITHMETIC_RIGHT, Reg.RAX);
      case EQUAL -> compare(Condition.EQUAL);
      case NOT_EQUAL -> compare(Condition.NOT_EQUAL);
      case LESS -> compare(Condition.LESS);
      case LESS_OR_EQUAL -> compare(Condition.LESS_OR_EQUAL);
      case GREATER -> compare(Condition.GREATER);
      case GREATER_OR_EQUAL -> compare(Condition.GREATER_OR_EQUAL);
      case DIVIDE, REMAINDER -> divide(operator);
    }
  }

  private void compare(Condition condition) {
    code.apply(Operation.CMP, Reg.RAX, Reg.RCX);
    code.setRax(condition);
  }

  /// By -1 it negates: the processor would trap at the smallest number.
  private void divide(BinaryOperator operator) {
    var minusOne = code.label();
    var end = code.label();
    code.apply(Operation.CMP, Reg.RCX, -1);
    code.jump(Condition.EQUAL, minusOne);
    code.divide(Reg.RCX);
    if (operator == BinaryOperator.REMAINDER) {
      code.move(Reg.RAX, Reg.RDX);
    }
    code.jump(end);
    code.bind(minusOne);
    if (operator == BinaryOperator.REMAINDER) {
      code.move(Reg.RAX, 0);
    } else {
      code.negate(Reg.RAX);
    }
    code.bind(end);
  }

  private void futexOperation(Expression.FutexOp operation) {
    value(operation.op());
    field(0xF, 28);
    code.push(Reg.RAX);
    value(operation.cmp());
    field(0xF, 24);
    join();
    value(operation.oparg());
    field(0xFFF, 12);
    join();
    value(operation.cmparg());
    field(0xFFF, 0);
    code.pop(Reg.RCX);
    code.apply(Operation.OR, Reg.RAX, Reg.RCX);
  }

  private void field(int mask, int shift) {
    code.apply(Operation.AND, Reg.RAX, mask);
    if (shift > 0) {
      code.shift(Shift.LEFT, Reg.RAX, shift);
    }
  }

  private void join() {
    code.pop(Reg.RCX);
    code.apply(Operation.OR, Reg.RAX, Reg.RCX);
    code.push(Reg.RAX);
  }
}
