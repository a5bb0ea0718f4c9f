package shootdown.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shootdown.litmus.Statement.Assign;
import shootdown.litmus.Statement.Block;

/// Reads statements. A mistake costs the statement it stands in, not the next one.
final class StatementParser {
  private final Cursor cursor;
  private final Scope scope;
  private final ExpressionParser expressions;
  private final CallParser calls;

  StatementParser(Cursor cursor, Scope scope) {
    this.cursor = cursor;
    this.scope = scope;
    this.expressions = new ExpressionParser(cursor, scope);
    this.calls = new CallParser(cursor, scope, expressions);
  }

  /// Reads `{ statements }`.
  Block block() {
    Token open = cursor.peek();
    cursor.expect("{");
    List<Statement> statements = new ArrayList<>();
    while (!cursor.at("}")) {
      if (cursor.atEnd() || cursor.atPart()) {
        cursor.fail("expected '}' for the '{' at " + open.at() + ", found "
            + cursor.peek().quoted());
        return new Block(statements, open.at());
      }
      statement().ifPresent(statements::add);
    }
    cursor.next();
    return new Block(statements, open.at());
  }

  private Optional<Statement> statement() {
    try {
      return Optional.of(readStatement());
    } catch (Cursor.Unreadable _) {
      cursor.skipStatement();
      return Optional.empty();
    }
  }

  private Statement readStatement() {
    Token first = cursor.peek();
    return switch (first.text()) {
      case "{" -> cursor.nested(this::block);
      case ";" -> {
        cursor.next();
        yield new Block(List.of(), first.at());
      }
      case "if" -> cursor.nested(this::readIf);
      case "while" -> cursor.nested(this::readWhile);
      default -> simple(first);
    };
  }

  private Statement readIf() {
    Token first = cursor.next();
    Expression condition = inParentheses();
    Position at = cursor.since(first.at());
    Block then = body();
    Block otherwise = cursor.accept("else") ? body() : new Block(List.of(), at);
    return new Statement.If(condition, then, otherwise, at);
  }

  private Statement readWhile() {
    Token first = cursor.next();
    Expression condition = inParentheses();
    Position at = cursor.since(first.at());
    return new Statement.While(condition, body(), at);
  }

  private Expression inParentheses() {
    cursor.expect("(");
    Expression condition = expressions.expression();
    if (cursor.at("=")) {
      throw cursor.fail("'=' assigns: write '==' to compare");
    }
    cursor.expect(")");
    return condition;
  }

  private Block body() {
    Token first = cursor.peek();
    if (cursor.at("{")) {
      return block();
    }
    if (cursor.atEnd() || cursor.at("}") || cursor.atPart()) {
      throw cursor.fail("expected a statement, found " + first.quoted());
    }
    return new Block(statement().stream().toList(), first.at());
  }

  private Statement simple(Token first) {
    if (first.isWord()) {
      String instead = Words.insteadOfStatement(first.text());
      if (!instead.isEmpty()) {
        Cursor.Unreadable failure = cursor.fail(instead);
        cursor.next();
        if (cursor.at("(")) {
          cursor.skipBalanced();
        }
        throw failure;
      }
      if (Words.isType(first.text())) {
        throw cursor.fail("there are no declarations: assigning to a name makes it a register");
      }
    }
    Statement statement = calls.atCall() ? call(new Target.Nothing(), first) : assignment(first);
    semicolon();
    return statement;
  }

  private Statement call(Target target, Token first) {
    Optional<Call> call = calls.call();
    Token behind = cursor.peek();
    boolean sameLine = behind.at().line() == cursor.previous().at().line();
    if (sameLine && BinaryOperator.of(behind.text()).isPresent()) {
      throw cursor.fail("a system call stands alone or is the whole right side of an assignment");
    }
    Position at = cursor.since(first.at());
    return call.<Statement>map(c -> new Assign(target, c, at)).orElse(new Block(List.of(), at));
  }

  private Statement assignment(Token first) {
    if (first.isWord() && cursor.ahead(1).is("=")) {
      return named(first);
    }
    Expression left = expressions.expression();
    Position at = cursor.since(first.at());
    if (cursor.at("=")) {
      if (!(left instanceof Expression.Load(var place, _))) {
        throw cursor.fail("the left side of '=' is a register, *p or p[i]");
      }
      cursor.next();
      return rightSide(new Target.Memory(place), first);
    }
    rejectOtherAssignments();
    if (!hasLoad(left)) {
      cursor.report(at, "this statement has no effect");
    }
    return new Assign(new Target.Nothing(), left, at);
  }

  private Statement named(Token name) {
    boolean constant = Words.looksLikeConstant(name.text()) || ThreadName.isOne(name)
        || Constants.of(name.text()).isPresent();
    if (constant || Words.isReserved(name.text())) {
      cursor.report(name.at(), constant
          ? "names in capitals are constants and threads: use small letters"
          : "'" + name.text() + "' is a word of the language: use another name");
    } else if (!scope.inInitialState() && scope.isGlobal(name.text())) {
      cursor.report(name.at(), "'" + name.text() + "' is bound by the initial state: "
          + "use another name, or *" + name.text() + " = ... for a store");
    }
    cursor.next();
    cursor.next();
    scope.assigned(name.text());
    return rightSide(new Target.Register(name.text(), name.at()), name);
  }

  private Statement rightSide(Target target, Token first) {
    if (calls.atCall()) {
      return call(target, first);
    }
    Expression value = expressions.expression();
    if (cursor.at("=")) {
      throw cursor.fail("a second '=' in one statement: is a ';' missing?");
    }
    return new Assign(target, value, cursor.since(first.at()));
  }

  private void rejectOtherAssignments() {
    Token token = cursor.peek();
    switch (token.text()) {
      case "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=" ->
          throw cursor.fail("there is no '" + token.text() + "': write r1 = r1 "
              + token.text().replace("=", "") + " ...");
      case "++", "--" -> throw cursor.fail("there is no '" + token.text()
          + "': write r1 = r1 " + token.text().charAt(0) + " 1");
      default -> { }
    }
  }

  private static boolean hasLoad(Expression expression) {
    return switch (expression) {
      case Expression.Load _ -> true;
      case Expression.Unary(_, var operand, _) -> hasLoad(operand);
      case Expression.Binary(_, var left, var right, _) -> hasLoad(left) || hasLoad(right);
      case Expression.FutexOp(var a, var b, var c, var d, _) ->
          hasLoad(a) || hasLoad(b) || hasLoad(c) || hasLoad(d);
      case Expression.Literal _, Expression.Constant _, Expression.Global _,
          Expression.Register _, Expression.ThreadId _ -> false;
    };
  }

  /// A missing one is a mistake of its own; what follows on the next line is read all the same.
  private void semicolon() {
    if (cursor.accept(";")) {
      return;
    }
    Position end = cursor.previous().at();
    boolean lineEnds = cursor.peek().at().line() > end.line() || cursor.at("}");
    if (!lineEnds && !cursor.atEnd()) {
      throw cursor.fail("expected ';', found " + cursor.peek().quoted());
    }
    cursor.failAt(new Token(cursor.peek().kind(), ";", end.after()), "expected ';'");
  }
}
