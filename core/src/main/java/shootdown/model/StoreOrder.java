package shootdown.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import shootdown.litmus.Call;
import shootdown.litmus.Expression;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;
import shootdown.litmus.Place;
import shootdown.litmus.Printer;
import shootdown.litmus.Statement;
import shootdown.litmus.SystemCall;
import shootdown.litmus.Target;

/// What the order of plain accesses can show in a test.
///
/// A store buffer shows only where a thread has a plain store and later a load, with no system call
/// between (or, in some releases, only one that wakes a futex): only then one is simulated. Weaker
/// orders show only where two threads have plain accesses of several places with no system call
/// between.
final class StoreOrder {
  private enum Access {
    STORE,
    LOAD,
    CALL
  }

  private StoreOrder() {}

  /// Whether an order weaker than TSO could show: two threads or more have plain accesses next to
  /// each other, of places that are not written alike.
  ///
  /// @param futexWaits whether stores can wait while a futex is woken; then one thread is enough
  static boolean isWeakOrderVisible(LitmusTest test, boolean futexWaits) {
    return test.threads().stream()
                .filter(t -> new Places().severalIn(t.body().statements()))
                .count()
            > 1
        || futexWaits
            && test.threads().stream().anyMatch(t -> canShow(t, true) && !canShow(t, false));
  }

  /// Looks for different places between two system calls.
  private static final class Places {
    private final Set<String> since = new HashSet<>();
    private boolean several;

    boolean severalIn(List<Statement> statements) {
      visit(statements);
      return several;
    }

    private void visit(List<Statement> statements) {
      for (var statement : statements) {
        switch (statement) {
          case Statement.Assign(var target, var source, _) -> {
            switch (source) {
              case Call _ -> since.clear();
              case Expression expression -> visit(expression);
            }
            if (target instanceof Target.Memory(var place)) {
              met(place);
            }
          }
          case Statement.If(var condition, var then, var otherwise, _) -> {
            visit(condition);
            visit(then.statements());
            visit(otherwise.statements());
          }
          case Statement.While(var condition, var body, _) -> {
            visit(condition);
            visit(body.statements());
            visit(condition);
          }
          case Statement.Block(var inner, _) -> visit(inner);
        }
      }
    }

    private void visit(Expression expression) {
      var loads = new ArrayList<Place>();
      collectPlaces(expression, loads);
      loads.forEach(this::met);
    }

    private void met(Place place) {
      since.add(Printer.print(place.address()));
      several |= since.size() > 1;
    }
  }

  private static void collectPlaces(Expression expression, List<Place> into) {
    switch (expression) {
      case Expression.Load(Place place, _) -> {
        collectPlaces(place.address(), into);
        into.add(place);
      }
      case Expression.Unary(_, var operand, _) -> collectPlaces(operand, into);
      case Expression.Binary(_, var left, var right, _) -> {
        collectPlaces(left, into);
        collectPlaces(right, into);
      }
      case Expression.FutexOp(var op, var oparg, var cmp, var cmparg, _) ->
          List.of(op, oparg, cmp, cmparg).forEach(e -> collectPlaces(e, into));
      case Expression.Literal _,
          Expression.Constant _,
          Expression.Global _,
          Expression.Register _,
          Expression.ThreadId _ -> {}
    }
  }

  /// Whether a store buffer can show in the thread.
  ///
  /// @param futexWaits whether stores can wait while a futex is woken
  static boolean canShow(LitmusThread thread, boolean futexWaits) {
    var accesses = new ArrayList<Access>();
    collect(thread.body().statements(), futexWaits ? Access.LOAD : Access.CALL, accesses);
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

  /// @param futex what futex() is like
  private static void collect(
      List<Statement> statements, Access futex, List<Access> into) {
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
              into.add(call.function() == SystemCall.FUTEX ? futex : Access.CALL);
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
          collect(then.statements(), futex, into);
          collect(otherwise.statements(), futex, into);
        }
        case Statement.While(var condition, var body, _) -> {
          // twice: a store at the end of a turn, a load at the beginning of the next
          loads(condition, into);
          collect(body.statements(), futex, into);
          loads(condition, into);
          collect(body.statements(), futex, into);
        }
        case Statement.Block(var inner, _) -> collect(inner, futex, into);
      }
    }
  }

  private static void loads(Expression expression, List<Access> into) {
    var places = new ArrayList<Place>();
    collectPlaces(expression, places);
    places.forEach(_ -> into.add(Access.LOAD));
  }
}
