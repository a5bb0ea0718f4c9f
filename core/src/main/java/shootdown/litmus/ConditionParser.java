package shootdown.litmus;

import java.util.Map;
import java.util.Set;
import shootdown.litmus.Condition.Quantifier;
import shootdown.litmus.Proposition.Compare;
import shootdown.litmus.Proposition.Relation;

/// Reads the condition. Whether its names exist is for [ConditionChecker].
final class ConditionParser {
  private static final Set<String> CONNECTIVES = Set.of("/\\", "\\/", "&&", "||");

  private final Cursor cursor;
  private final ExpressionParser expressions;
  private final Map<String, GlobalKind> globals;
  private int connectives;

  /// @param globals which names are files
  ConditionParser(
      Cursor cursor, ExpressionParser expressions, Map<String, GlobalKind> globals) {
    this.cursor = cursor;
    this.expressions = expressions;
    this.globals = globals;
  }

  Condition condition() {
    Token first = cursor.peek();
    Quantifier quantifier = quantifier();
    Proposition proposition = or();
    return new Condition.Over(quantifier, proposition, first.at());
  }

  private Quantifier quantifier() {
    if (cursor.accept("~")) {
      if (cursor.accept("forall")) {
        throw cursor.failAt(cursor.previous(), "there is no '~forall': write exists ~(...)");
      }
      cursor.expect("exists");
      return Quantifier.NOT_EXISTS;
    }
    return cursor.next().is("exists") ? Quantifier.EXISTS : Quantifier.FORALL;
  }

  private Proposition or() {
    Proposition left = and();
    while (cursor.at("\\/") || cursor.at("||")) {
      connective();
      Proposition right = and();
      left = new Proposition.Or(left, right, left.at().to(right.at()));
    }
    return left;
  }

  private Proposition and() {
    Proposition left = not();
    while (cursor.at("/\\") || cursor.at("&&")) {
      connective();
      Proposition right = not();
      left = new Proposition.And(left, right, left.at().to(right.at()));
    }
    return left;
  }

  private void connective() {
    connectives++;
    if (connectives > ExpressionParser.MAX_OPERATORS) {
      throw cursor.fail("a condition has at most " + ExpressionParser.MAX_OPERATORS
          + " connectives");
    }
    cursor.next();
  }

  private Proposition not() {
    Token first = cursor.peek();
    if (first.is("~") || first.is("!")) {
      return cursor.nested(() -> {
        cursor.next();
        Proposition operand = not();
        return new Proposition.Not(operand, first.at().to(operand.at()));
      });
    }
    if (first.is("(")) {
      return cursor.nested(() -> {
        cursor.next();
        Proposition inner = or();
        if (!cursor.accept(")")) {
          cursor.fail("expected ')' for the '(' at " + first.at() + ", found "
              + cursor.peek().quoted());
        }
        return inner;
      });
    }
    return compare();
  }

  private Proposition compare() {
    Token first = cursor.peek();
    try {
      Observable observable = observable();
      Relation relation = relation();
      Expression value = expressions.conditionValue();
      return new Compare(observable, relation, value, cursor.since(first.at()));
    } catch (Cursor.Unreadable _) {
      return skipComparison(first);
    }
  }

  /// Goes to the next connective. What stands for the unreadable comparison is never seen, since
  /// the file is rejected.
  private Proposition skipComparison(Token first) {
    while (!cursor.atEnd() && !cursor.at(")") && !CONNECTIVES.contains(cursor.peek().text())) {
      cursor.next();
    }
    Expression zero = new Expression.Literal(0, first.at());
    return new Compare(new Observable.Bound(""), Relation.EQUAL, zero, first.at());
  }

  private Relation relation() {
    if (cursor.accept("=") || cursor.accept("==")) {
      return Relation.EQUAL;
    }
    if (cursor.accept("!=")) {
      return Relation.DIFFERENT;
    }
    throw cursor.fail("expected '=' or '!=', found " + cursor.peek().quoted());
  }

  private Observable observable() {
    Token token = cursor.peek();
    if (token.isNumber()) {
      return ofThread();
    }
    if (ThreadName.isOne(token) && cursor.ahead(1).is(":")) {
      throw cursor.fail("write " + token.text().substring(1) + ": for thread " + token.text());
    }
    if (!token.isWord()) {
      throw cursor.fail("expected n:register, n:sig or a name of the initial state, found "
          + token.quoted());
    }
    cursor.next();
    long word = cursor.accept("[") ? wordIndex() : 0;
    return globals.get(token.text()) == GlobalKind.FILE
        ? new Observable.File(token.text(), word) : new Observable.Memory(token.text(), word);
  }

  private Observable ofThread() {
    Token number = cursor.next();
    int thread = ThreadName.number(number.text());
    if (thread < 0) {
      cursor.report(number.at(), "there is no thread P" + number.text());
    }
    cursor.expect(":");
    Token name = cursor.peek();
    if (!name.isWord()) {
      throw cursor.fail("expected a register or 'sig', found " + name.quoted());
    }
    cursor.next();
    return name.is("sig")
        ? new Observable.Signal(thread) : new Observable.Register(thread, name.text());
  }

  private long wordIndex() {
    Token token = cursor.peek();
    if (!token.isNumber()) {
      throw cursor.fail("expected the number of a word, found " + token.quoted());
    }
    cursor.next();
    long index = Numbers.value(token, cursor.diagnostics());
    if (index < 0 || index > Integer.MAX_VALUE) {
      cursor.report(token.at(), "no memory has so many words");
      index = 0;
    }
    cursor.expect("]");
    return index;
  }
}
