package shootdown.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads calls: a name, and arguments in parentheses.
final class CallParser {
  private final Cursor cursor;
  private final Scope scope;
  private final ExpressionParser expressions;

  CallParser(Cursor cursor, Scope scope, ExpressionParser expressions) {
    this.cursor = cursor;
    this.scope = scope;
    this.expressions = expressions;
  }

  /// Whether a call of a function starts here, known or not, that is no part of an expression.
  boolean atCall() {
    Token name = cursor.peek();
    return name.isWord() && cursor.ahead(1).is("(") && !Words.isReserved(name.text())
        && !name.is("gettid") && !name.is("FUTEX_OP");
  }

  /// A call; empty after an unknown name, which is reported.
  Optional<Call> call() {
    Token name = cursor.next();
    Optional<SystemCall> function = SystemCall.of(name.text());
    if (function.isEmpty()) {
      cursor.diagnostics().add(name.at(), () -> Words.unknownFunction(name.text()));
    }
    cursor.next();
    List<Argument> arguments = new ArrayList<>();
    if (!cursor.at(")")) {
      do {
        arguments.add(argument(function));
      } while (cursor.accept(","));
    }
    cursor.expect(")");
    if (function.isEmpty()) {
      cursor.countFailure();
    }
    return function.map(f -> new Call(f, arguments, cursor.since(name.at())));
  }

  private Argument argument(Optional<SystemCall> function) {
    Token token = cursor.peek();
    if (token.is("&") && cursor.ahead(1).isWord()) {
      cursor.next();
      Token name = cursor.next();
      scope.assigned(name.text());
      return new Argument.Buffer(name.text(), cursor.since(token.at()));
    }
    boolean takesThread = function.filter(CallParser::takesThread).isPresent();
    if (ThreadName.isOne(token) && takesThread) {
      cursor.next();
      int number = token.text().startsWith("P")
          ? ThreadName.number(token.text().substring(1)) : -1;
      return new Argument.Child(number, token.at());
    }
    return expressions.expression();
  }

  private static boolean takesThread(SystemCall function) {
    return function.parameters().stream().anyMatch(p -> p.kind() == Parameter.Kind.CHILD);
  }
}
