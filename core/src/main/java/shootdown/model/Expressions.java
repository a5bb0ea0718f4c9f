package shootdown.model;

import java.util.ArrayList;
import java.util.List;
import shootdown.litmus.Call;
import shootdown.litmus.Expression;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Place;
import shootdown.litmus.Statement;
import shootdown.litmus.SystemCall;
import shootdown.litmus.Target;

/// All expressions of a test, each with those that it is made of, and all calls.
///
/// @param all the expressions
/// @param calls the functions that are called
public record Expressions(List<Expression> all, List<SystemCall> calls) {
  private static final String MERGEABLE = "MADV_MERGEABLE";

  /// Those of a test.
  public static Expressions of(LitmusTest test) {
    var found = new Expressions(new ArrayList<>(), new ArrayList<>());
    found.statements(test.init());
    test.threads().forEach(thread -> found.statements(thread.body().statements()));
    return found;
  }

  /// Whether a constant stands somewhere.
  boolean names(String constant) {
    return all.stream()
        .anyMatch(e -> e instanceof Expression.Constant c && c.name().equals(constant));
  }

  /// Whether ksmd may merge any private page, or it would find nothing to do: the test calls
  /// ksm_merge() and does not say what is mergeable.
  public boolean mergesAny() {
    return calls.contains(SystemCall.KSM_MERGE) && !names(MERGEABLE);
  }

  private void statements(List<Statement> statements) {
    for (var statement : statements) {
      switch (statement) {
        case Statement.Assign(var target, var source, _) -> {
          if (target instanceof Target.Memory(var place)) {
            place(place);
          }
          switch (source) {
            case Call call -> call(call);
            case Expression expression -> expression(expression);
          }
        }
        case Statement.If(var condition, var then, var otherwise, _) -> {
          expression(condition);
          statements(then.statements());
          statements(otherwise.statements());
        }
        case Statement.While(var condition, var body, _) -> {
          expression(condition);
          statements(body.statements());
        }
        case Statement.Block(var inner, _) -> statements(inner);
      }
    }
  }

  private void call(Call call) {
    calls.add(call.function());
    for (var argument : call.arguments()) {
      if (argument instanceof Expression expression) {
        expression(expression);
      }
    }
  }

  private void expression(Expression expression) {
    all.add(expression);
    switch (expression) {
      case Expression.Load(var place, _) -> place(place);
      case Expression.Unary(_, var operand, _) -> expression(operand);
      case Expression.Binary(_, var left, var right, _) -> {
        expression(left);
        expression(right);
      }
      case Expression.FutexOp _,
          Expression.Literal _,
          Expression.Constant _,
          Expression.Global _,
          Expression.Register _,
          Expression.ThreadId _ -> {}
    }
  }

  private void place(Place place) {
    switch (place) {
      case Place.Deref(var address, _) -> expression(address);
      case Place.Word(var base, var index, _) -> {
        expression(base);
        expression(index);
      }
    }
  }
}
