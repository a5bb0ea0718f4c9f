package shootdown.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import shootdown.litmus.Proposition.Compare;

/// Checks that what a condition speaks of is there.
final class ConditionChecker {
  private final LitmusTest test;
  private final Damage damage;
  private final Diagnostics diagnostics;
  private final Map<String, GlobalKind> globals;
  private final Reach reach;

  ConditionChecker(LitmusTest test, Damage damage, Diagnostics diagnostics) {
    this.test = test;
    this.damage = damage;
    this.diagnostics = diagnostics;
    this.globals = test.globals();
    this.reach = new Reach(test);
  }

  void check(Condition.Over condition) {
    check(condition.proposition());
  }

  private void check(Proposition proposition) {
    switch (proposition) {
      case Proposition.Not(var operand, _) -> check(operand);
      case Proposition.And(var left, var right, _) -> {
        check(left);
        check(right);
      }
      case Proposition.Or(var left, var right, _) -> {
        check(left);
        check(right);
      }
      case Compare compare -> {
        observable(compare);
        value(compare.value());
        signals(compare);
      }
    }
  }

  private void observable(Compare compare) {
    if (!damage.lostStatements() && damage.globals().isEmpty() && !damage.ofCondition()) {
      reach
          .exceeded(compare.observable())
          .ifPresent(bytes -> beyond(compare.observable(), bytes, compare.at()));
    }
    switch (compare.observable()) {
      case Observable.Register(var thread, var name) -> register(thread, name, compare.at());
      case Observable.Signal(var thread) -> thread(thread, compare.at());
      case Observable.Memory(var name, _) -> global(name, compare.at());
      case Observable.File(var name, _) -> global(name, compare.at());
      case Observable.Bound _ -> { }
    }
  }

  private void beyond(Observable observable, long bytes, Position at) {
    String word = observable.label();
    String name = word.substring(0, word.indexOf('['));
    diagnostics.add(
        at, word + " lies beyond the " + bytes + " bytes of " + Token.quoted(name));
  }

  private boolean thread(int number, Position at) {
    boolean exists = test.threads().stream().anyMatch(
        t -> t.kind() != LitmusThread.Kind.KTHREAD && t.number() == number);
    if (!exists && !damage.lostThreads()) {
      diagnostics.add(at, "there is no thread P" + number);
    }
    return exists;
  }

  private void register(int number, String name, Position at) {
    if (!thread(number, at) || damage.registers(test.thread(number)).contains(name)) {
      return;
    }
    if (globals.containsKey(name)) {
      diagnostics.add(at, Token.quoted(name) + " is bound by the initial state: write "
          + name + "=... without '" + number + ":'");
      return;
    }
    List<String> registers = new ArrayList<>(test.thread(number).registers());
    if (!registers.contains(name)) {
      registers.add("sig");
      diagnostics.add(at, "P" + number + " assigns no register " + Token.quoted(name)
          + Suggestion.of(name, registers));
    }
  }

  private void global(String name, Position at) {
    if (damage.mayBind(name) && !globals.containsKey(name)) {
      return;
    }
    if (!globals.containsKey(name)) {
      diagnostics.add(at, "the initial state does not bind " + Token.quoted(name)
          + Suggestion.of(name, globals.keySet()));
      return;
    }
    GlobalKind kind = globals.get(name);
    if (kind == GlobalKind.NUMBER) {
      diagnostics.add(at, Token.quoted(name) + " is a number: it never changes");
    } else if (kind == GlobalKind.MEMORY || kind == GlobalKind.PIPE
        || kind == GlobalKind.USERFAULTFD) {
      diagnostics.add(at, Token.quoted(name) + " is " + kind.label()
          + ": a condition looks at memory, files and registers");
    }
  }

  private void value(Expression value) {
    switch (value) {
      case Expression.Literal _, Expression.Constant _ -> { }
      case Expression.Global(var name, var at) -> valueName(name, at);
      case Expression.Register(var name, var at) -> valueName(name, at);
      case Expression.Unary(_, var operand, _) -> value(operand);
      case Expression.Binary(var operator, var left, var right, var at) -> {
        if (operator == BinaryOperator.AND_THEN || operator == BinaryOperator.OR_ELSE) {
          notAValue(at);
        }
        value(left);
        value(right);
      }
      case Expression.Load(_, var at) -> notAValue(at);
      case Expression.FutexOp(_, _, _, _, var at) -> notAValue(at);
      case Expression.ThreadId(var at) -> notAValue(at);
    }
  }

  private void notAValue(Position at) {
    diagnostics.add(at,
        "the right side is made of numbers, constants and names of the initial state");
  }

  private void valueName(String name, Position at) {
    if (damage.mayBind(name) && !globals.containsKey(name)) {
      return;
    }
    if (!globals.containsKey(name)) {
      diagnostics.add(at, "the initial state does not bind " + Token.quoted(name)
          + Suggestion.of(name, globals.keySet()));
    } else if (globals.get(name) != GlobalKind.ADDRESS
        && globals.get(name) != GlobalKind.NUMBER) {
      diagnostics.add(at, globals.get(name).label() + " is no value to compare with");
    }
  }

  private void signals(Compare compare) {
    boolean named = compare.value() instanceof Expression.Constant(var name, _, _)
        && Constants.of(name).orElseThrow().family() == Family.SIGNAL;
    boolean zero = compare.value() instanceof Expression.Literal(var value, _) && value == 0;
    if (compare.observable() instanceof Observable.Signal(var thread)) {
      if (!named && !zero) {
        diagnostics.add(compare.value().at(),
            thread + ":sig is compared with 0, SIGSEGV, SIGBUS or SIGKILL");
      }
    } else if (named) {
      diagnostics.add(compare.value().at(), "only n:sig is compared with a signal");
    }
  }
}
