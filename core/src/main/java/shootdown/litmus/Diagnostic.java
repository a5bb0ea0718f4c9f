package shootdown.litmus;

/// One mistake in a litmus file.
///
/// @param at where
/// @param message what is wrong, one sentence without a full stop
/// @param lineText the line of the file, without its end of line
public record Diagnostic(Position at, String message, String lineText) {
  /// A rendered source line shows at most this many characters around the mistake.
  private static final int SHOWN = 160;

  private static final int SHOWN_BEFORE = 60;

  public int line() {
    return at.line();
  }

  public int column() {
    return at.column();
  }

  public int length() {
    return at.length();
  }

  /// Three lines without a final end of line: `file:line:column: error: message`, the source line,
  /// and a caret under the mistake. Control characters are shown as U+FFFD, tabs stay.
  ///
  /// @param fileName the name to print
  public String render(String fileName) {
    return fileName + ":" + at + ": error: " + message + "\n" + sourceAndCaret();
  }

  private String sourceAndCaret() {
    int length = lineText.codePointCount(0, lineText.length());
    int mistake = Math.min(column() - 1, length);
    int from = length <= SHOWN ? 0 : Math.max(0, mistake - SHOWN_BEFORE);
    int to = Math.min(length, from + SHOWN);
    String left = from > 0 ? "..." : "";
    String right = to < length ? "..." : "";
    int start = lineText.offsetByCodePoints(0, from);
    int[] shown = lineText.substring(start, lineText.offsetByCodePoints(start, to - from))
        .codePoints().map(Diagnostic::printable).toArray();
    StringBuilder carets = new StringBuilder(" ".repeat(left.length()));
    for (int i = 0; i < mistake - from; i++) {
      carets.append(shown[i] == '\t' ? '\t' : ' ');
    }
    int marks = Math.clamp(length(), 1, Math.max(1, to - mistake));
    carets.append('^').append("~".repeat(marks - 1));
    return left + new String(shown, 0, shown.length) + right + "\n" + carets;
  }

  private static int printable(int c) {
    if (c == '\t') {
      return c;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE,
          Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> 0xFFFD;
      default -> c;
    };
  }
}
