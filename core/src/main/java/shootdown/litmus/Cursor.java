package shootdown.litmus;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Walks over the tokens of a file, and reports what is wrong with them.
final class Cursor {
  /// How deep blocks, `if`s, parentheses and unary operators may nest, all together.
  static final int MAX_DEPTH = 64;

  private final List<Token> tokens;
  private final Diagnostics diagnostics;
  private final boolean cut;
  private int index;
  private int depth;
  private int failures;

  /// Leaves a piece of the file that cannot be read; the mistake is reported already.
  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Unreadable() {
      super("unreadable", null, false, false);
    }
  }

  Cursor(Lexer lexer, Diagnostics diagnostics) {
    this.tokens = lexer.tokens();
    this.cut = lexer.endsInComment();
    this.diagnostics = diagnostics;
  }

  Diagnostics diagnostics() {
    return diagnostics;
  }

  Token peek() {
    return ahead(0);
  }

  Token ahead(int count) {
    return tokens.get(Math.min(index + count, tokens.size() - 1));
  }

  /// The token before; the first one at the start.
  Token previous() {
    return tokens.get(Math.max(0, index - 1));
  }

  Token next() {
    Token token = peek();
    if (token.kind() != Token.Kind.END) {
      index++;
    }
    return token;
  }

  boolean at(String text) {
    return peek().is(text);
  }

  boolean atEnd() {
    return peek().kind() == Token.Kind.END;
  }

  boolean accept(String text) {
    boolean there = at(text);
    if (there) {
      next();
    }
    return there;
  }

  /// Takes this symbol, or fails.
  void expect(String symbol) {
    if (!accept(symbol)) {
      throw fail("expected '" + symbol + "', found " + peek().quoted());
    }
  }

  /// Where the reading stands; for [#assignedSince].
  int mark() {
    return index;
  }

  /// The names that stand before a `=` or behind a `&` since a mark, in whatever could not be read
  /// as well.
  Set<String> assignedSince(int mark) {
    Set<String> names = new HashSet<>();
    for (int i = mark; i < index; i++) {
      Token token = tokens.get(i);
      boolean assigned = tokens.get(i + 1).is("=") || i > mark && tokens.get(i - 1).is("&");
      if (token.isWord() && assigned) {
        names.add(token.text());
      }
    }
    return names;
  }

  /// From `first` to the last token taken.
  Position since(Position first) {
    return first.to(previous().at());
  }

  /// Reports a mistake that does not stop the reading.
  void report(Position at, String message) {
    diagnostics.add(at, message);
  }

  /// Reports that the next token is wrong; the caller throws the result.
  Unreadable fail(String message) {
    return failAt(peek(), message);
  }

  Unreadable failAt(Token token, String message) {
    countFailure();
    if (!cut || token.kind() != Token.Kind.END) {
      diagnostics.add(token.at(), message);
    }
    return new Unreadable();
  }

  /// Something is missing in the tree, though the reading goes on.
  void countFailure() {
    failures++;
  }

  /// How often something could not be read.
  int failures() {
    return failures;
  }

  /// Reads something one level deeper.
  <T> T nested(Supplier<T> rule) {
    if (depth == MAX_DEPTH) {
      throw fail("nested more than " + MAX_DEPTH + " levels deep");
    }
    depth++;
    try {
      return rule.get();
    } finally {
      depth--;
    }
  }

  /// Whether a thread or a condition starts here, wherever this is.
  boolean atPart() {
    if (ThreadName.isOne(peek())) {
      boolean header = ahead(1).is("(") && ahead(2).is(")");
      return header && (ahead(3).is("{") || ahead(3).is("@"));
    }
    return (at("child") || at("kthread")) && ahead(1).isWord() || atCondition();
  }

  boolean atCondition() {
    return isQuantifier(peek()) && !ahead(1).is("=")
        || at("~") && isQuantifier(ahead(1));
  }

  private static boolean isQuantifier(Token token) {
    return token.is("exists") || token.is("forall");
  }

  /// Behind a mistake: goes to the end of the statement, but not out of its block.
  void skipStatement() {
    while (!atEnd() && !at("}") && !atPart()) {
      if (accept(";")) {
        return;
      }
      if (at("{")) {
        skipBalanced();
        return;
      }
      next();
    }
  }

  /// Skips a `{ ... }` or `( ... )`, or what there is of it.
  void skipBalanced() {
    String opening = peek().text();
    String closing = opening.equals("(") ? ")" : "}";
    int open = 0;
    do {
      open += at(opening) ? 1 : at(closing) ? -1 : 0;
      next();
    } while (open > 0 && !atEnd() && !atPart());
  }
}
