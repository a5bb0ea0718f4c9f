package shootdown.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Cuts a text into tokens and comments, in one pass from left to right.
///
/// Inside braces `(*` starts a comment only when white space follows, since `(*x == 1)` is C.
final class Lexer {
  private static final List<String> SYMBOLS = List.of(
      "<<=", ">>=", "/\\", "\\/", "==", "!=", "<=", ">=", "<<", ">>", "&&", "||", "++", "--",
      "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "->", "{", "}", "(", ")", "[", "]", ";",
      ",", "=", "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "~", "!", ":", "@", "?");

  /// By their first character; a longer one before a shorter one.
  private static final Map<Character, List<String>> BY_START =
      SYMBOLS.stream().collect(Collectors.groupingBy(symbol -> symbol.charAt(0)));

  private final String text;
  private final Diagnostics diagnostics;
  private final List<Token> tokens = new ArrayList<>();
  private final List<CommentLine> heading = new ArrayList<>();
  private final List<CommentLine> inner = new ArrayList<>();
  private int offset;
  private int line = 1;
  private int column;
  private int braces;
  private boolean unclosedComment;

  /// @param start where to start, in the first line
  Lexer(String text, int start, Diagnostics diagnostics) {
    this.text = text;
    this.offset = start;
    this.column = text.codePointCount(0, start) + 1;
    this.diagnostics = diagnostics;
  }

  /// The tokens; the last one is END.
  List<Token> tokens() {
    while (offset < text.length()) {
      token();
    }
    tokens.add(new Token(Token.Kind.END, "", new Position(line, column, 0)));
    return tokens;
  }

  /// The lines of the comments that stand before the first token.
  List<CommentLine> heading() {
    return heading;
  }

  /// The lines of all other comments.
  List<CommentLine> inner() {
    return inner;
  }

  /// Whether the text ends inside a comment: what seems missing then is no mistake of its own.
  boolean endsInComment() {
    return unclosedComment;
  }

  private void token() {
    char c = text.charAt(offset);
    if (Character.isWhitespace(c)) {
      step();
    } else if (text.startsWith("//", offset)) {
      lineComment();
    } else if (text.startsWith("/*", offset)) {
      blockComment("*/");
    } else if (startsLitmusComment()) {
      blockComment("*)");
    } else if (isWordStart(c)) {
      take(Token.Kind.WORD);
    } else if (isDigit(c)) {
      take(Token.Kind.NUMBER);
    } else if (c == '"' || c == '\'') {
      string(c);
    } else {
      symbol();
    }
  }

  private boolean startsLitmusComment() {
    if (!text.startsWith("(*", offset)) {
      return false;
    }
    return braces == 0 || offset + 2 == text.length()
        || Character.isWhitespace(text.charAt(offset + 2));
  }

  private void take(Token.Kind kind) {
    int end = offset;
    while (end < text.length() && isWordPart(text.charAt(end))) {
      end++;
    }
    add(kind, text.substring(offset, end));
  }

  private void symbol() {
    List<String> candidates = BY_START.getOrDefault(text.charAt(offset), List.of());
    for (String symbol : candidates) {
      if (text.startsWith(symbol, offset)) {
        braces += symbol.equals("{") ? 1 : symbol.equals("}") && braces > 0 ? -1 : 0;
        add(Token.Kind.SYMBOL, symbol);
        return;
      }
    }
    unexpected();
  }

  /// Reports characters that mean nothing. A token stands in for them, so that the parser stops
  /// there and says nothing more.
  private void unexpected() {
    int first = text.codePointAt(offset);
    int start = offset;
    int startLine = line;
    int startColumn = column;
    do {
      step();
    } while (offset < text.length() && isUnexpected(text.charAt(offset)));
    int length = line == startLine ? column - startColumn : 1;
    Position at = new Position(startLine, startColumn, length);
    tokens.add(new Token(Token.Kind.WRONG, text.substring(start, offset), at));
    diagnostics.add(at, () -> "unexpected character " + name(first));
  }

  private void string(char quote) {
    int end = offset + 1;
    while (end < text.length() && !isLineEnd(text.charAt(end)) && text.charAt(end) != quote) {
      end++;
    }
    Position at = new Position(line, column, 1);
    tokens.add(new Token(Token.Kind.WRONG, String.valueOf(quote), at));
    diagnostics.add(
        at, "there are no strings: files are those of file() and memfd(), or PROC_SELF_MEM");
    advance(text.codePointCount(offset, end));
    if (offset < text.length() && text.charAt(offset) == quote) {
      step();
    }
  }

  private static boolean isUnexpected(char c) {
    return !Character.isWhitespace(c) && !isWordPart(c) && !BY_START.containsKey(c);
  }

  private static String name(int c) {
    boolean visible = Character.isLetterOrDigit(c) || (c > ' ' && c < 0x7F);
    return visible ? "'" + Character.toString(c) + "'" : String.format("U+%04X", c);
  }

  private void add(Token.Kind kind, String piece) {
    tokens.add(new Token(kind, piece, new Position(line, column, piece.length())));
    offset += piece.length();
    column += piece.length();
  }

  private void lineComment() {
    advance(2);
    int start = offset;
    int startColumn = column;
    while (offset < text.length() && !isLineEnd(text.charAt(offset))) {
      step();
    }
    comments().add(CommentLine.ofLine(text.substring(start, offset), line, startColumn));
  }

  /// Comments do not nest: the first `close` ends one, so a comment may quote `(*x)`.
  private void blockComment(String close) {
    Position opening = new Position(line, column, 2);
    List<CommentLine> comments = comments();
    advance(2);
    int start = offset;
    int startColumn = column;
    while (offset < text.length() && !text.startsWith(close, offset)) {
      if (isLineEnd(text.charAt(offset))) {
        comments.add(CommentLine.ofBlock(text.substring(start, offset), line, startColumn));
        step();
        start = offset;
        startColumn = column;
      } else {
        step();
      }
    }
    comments.add(CommentLine.ofBlock(text.substring(start, offset), line, startColumn));
    if (offset == text.length()) {
      diagnostics.add(opening, "this comment is never closed");
      unclosedComment = true;
      return;
    }
    advance(2);
  }

  private List<CommentLine> comments() {
    return tokens.isEmpty() ? heading : inner;
  }

  private void advance(int characters) {
    for (int i = 0; i < characters; i++) {
      step();
    }
  }

  private void step() {
    char c = text.charAt(offset);
    if (isLineEnd(c)) {
      offset += c == '\r' && text.startsWith("\n", offset + 1) ? 2 : 1;
      line++;
      column = 1;
    } else {
      offset += Character.charCount(text.codePointAt(offset));
      column++;
    }
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private static boolean isWordPart(char c) {
    return isWordStart(c) || isDigit(c);
  }
}
