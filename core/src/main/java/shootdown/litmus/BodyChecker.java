package shootdown.litmus;

import shootdown.litmus.SystemCall.Where;

/// Checks statements: the names that they read, the places that they load and store, their calls.
final class BodyChecker {
  private final Where where;
  private final KnownNames known;
  private final Diagnostics diagnostics;

  BodyChecker(Where where, KnownNames known, Diagnostics diagnostics) {
    this.where = where;
    this.known = known;
    this.diagnostics = diagnostics;
  }

  void statement(Statement statement) {
    switch (statement) {
      case Statement.Assign(var target, var source, _) -> {
        target(target);
        source(source);
      }
      case Statement.If(var condition, var then, var otherwise, _) -> {
        expression(condition);
        statement(then);
        statement(otherwise);
      }
      case Statement.While(var condition, var body, _) -> {
        expression(condition);
        statement(body);
      }
      case Statement.Block(var statements, _) -> statements.forEach(this::statement);
    }
  }

  private void target(Target target) {
    switch (target) {
      case Target.Nothing _, Target.Register _ -> { }
      case Target.Memory(var place) -> place(place);
    }
  }

  private void source(Source source) {
    switch (source) {
      case Expression expression -> expression(expression);
      case Call call -> {
        for (Argument argument : call.arguments()) {
          argument(argument);
        }
        new CallChecker(where, known.globals(), diagnostics).check(call);
      }
    }
  }

  private void argument(Argument argument) {
    switch (argument) {
      case Expression expression -> expression(expression);
      case Argument.Buffer(var name, var at) -> {
        if (where != Where.INITIAL_STATE && known.globals().containsKey(name)) {
          diagnostics.add(at, Token.quoted(name)
              + " is bound by the initial state: a thread's buffer is a register");
        } else if (Words.isReserved(name) || Words.looksLikeConstant(name)) {
          diagnostics.add(at, Token.quoted(name) + " cannot be a register");
        }
      }
      case Argument.Child _ -> { }
    }
  }

  private void expression(Expression expression) {
    switch (expression) {
      case Expression.Literal _, Expression.Constant _ -> { }
      case Expression.Global(var name, var at) -> name(name, at);
      case Expression.Register(var name, var at) -> name(name, at);
      case Expression.Load(var place, _) -> place(place);
      case Expression.Unary(_, var operand, _) -> expression(operand);
      case Expression.Binary(_, var left, var right, _) -> {
        expression(left);
        expression(right);
      }
      case Expression.FutexOp(var op, var oparg, var cmp, var cmparg, _) -> {
        expression(op);
        expression(oparg);
        expression(cmp);
        expression(cmparg);
      }
      case Expression.ThreadId(var at) -> {
        if (where != Where.THREAD) {
          diagnostics.add(at, "gettid() may stand in " + Where.THREAD.label() + " only");
        }
      }
    }
  }

  private void name(String name, Position at) {
    if (!known.knows(name)) {
      diagnostics.add(at, () -> known.mistake(name));
    }
  }

  private void place(Place place) {
    if (where == Where.KTHREAD) {
      diagnostics.add(place.at(), "a kthread has no address space to load from or store to");
    }
    Expression start = switch (place) {
      case Place.Deref(var address, _) -> address;
      case Place.Word(var base, var index, _) -> {
        expression(index);
        yield base;
      }
    };
    expression(start);
    GlobalKinds.kindOf(start, known.globals()).ifPresent(kind -> {
      if (kind == GlobalKind.FILE) {
        diagnostics.add(start.at(),
            "a file descriptor is no address: use pread() and pwrite(), or mmap() the file");
      } else if (kind != GlobalKind.ADDRESS && kind != GlobalKind.NUMBER) {
        diagnostics.add(start.at(), kind.label() + " is no address");
      }
    });
  }
}
