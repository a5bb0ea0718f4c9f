package shootdown.litmus;

/// A piece of a litmus file.
record Token(Kind kind, String text, Position at) {
  private static final int SHOWN = 40;

  enum Kind {
    WORD,
    NUMBER,
    SYMBOL,
    /// Characters that mean nothing; reported already.
    WRONG,
    END
  }

  boolean is(String symbolOrWord) {
    return kind != Kind.END && text.equals(symbolOrWord);
  }

  boolean isWord() {
    return kind == Kind.WORD;
  }

  boolean isNumber() {
    return kind == Kind.NUMBER;
  }

  /// As a message names it.
  String quoted() {
    return kind == Kind.END ? "the end of the file" : quoted(text);
  }

  static String quoted(String text) {
    return "'" + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...") + "'";
  }
}
