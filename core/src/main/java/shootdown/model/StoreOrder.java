package shootdown.model;

import java.util.ArrayList;
import java.util.List;
import shootdown.litmus.Call;
import shootdown.litmus.Expression;
import shootdown.litmus.LitmusThread;
import shootdown.litmus.Place;
import shootdown.litmus.Statement;
import shootdown.litmus.Target;

/// Whether a thread has a plain store that a later load can overtake: a load that follows it with no
/// system call between. Only then a store buffer can show, so only then one is simulated.
final class StoreOrder {
  private enum Access {
    STORE,
    LOAD,
    CALL
  }

  private StoreOrder() {}

  static boolean canShow(LitmusThread thread) {
    var accesses = new ArrayList<Access>();
    collect(thread.body().statements(), accesses);
    boolean waiting = false;
    for (var access : accesses) {
      switch (access) {
        case STORE -> waiting = true;
        case CALL -> waiting = false;
        case LOAD -> {
          if (waiting) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static void collect(List<Statement> statements, List<Access> into) {
    for (var statement : statements) {
      switch (statement) {
        case Statement.Assign(var target, var source, _) -> {
          switch (source) {
            case Call call -> {
              call.arguments().forEach(a -> {
                if (a instanceof Expression e) {
                  loads(e, into);
                }
              });
              into.add(Access.CALL);
            }
            case Expression expression -> loads(expression, into);
          }
          if (target instanceof Target.Memory(var place)) {
            loads(place.address(), into);
            into.add(Access.STORE);
          }
        }
        case Statement.If(var condition, var then, var otherwise, _) -> {
          loads(condition, into);
          collect(then.statements(), into);
          collect(otherwise.statements(), into);
        }
        case Statement.While(var condition, var body, _) -> {
          // twice: a store at the end of a turn, a load at the beginning of the next
          loads(condition, into);
          collect(body.statements(), into);
          loads(condition, into);
          collect(body.statements(), into);
        }
        case Statement.Block(var inner, _) -> collect(inner, into);
      }
    }
  }

  private static void loads(Expression expression, List<Access> into) {
    switch (expression) {
      case Expression.Load(Place place, _) -> {
        loads(place.address(), into);
        into.add(Access.LOAD);
      }
      case Expression.Unary(_, var operand, _) -> loads(operand, into);
      case Expression.Binary(_, var left, var right, _) -> {
        loads(left, into);
        loads(right, into);
      }
      case Expression.FutexOp(var op, var oparg, var cmp, var cmparg, _) ->
          List.of(op, oparg, cmp, cmparg).forEach(e -> loads(e, into));
      case Expression.Literal _,
          Expression.Constant _,
          Expression.Global _,
          Expression.Register _,
          Expression.ThreadId _ -> {}
    }
  }
}
