package shootdown.litmus;

/// One line of a comment, without the stars and spaces at its left and the spaces at its right.
///
/// @param text what it says
/// @param line where, from 1
/// @param column the column of the text's first character, from 1
record CommentLine(String text, int line, int column) {
  /// A line inside `(* *)` or `/* */`.
  static CommentLine ofBlock(String raw, int line, int column) {
    int start = spaces(raw, 0);
    if (start < raw.length() && raw.charAt(start) == '*') {
      start++;
      if (start < raw.length() && raw.charAt(start) == ' ') {
        start++;
      }
    }
    return from(raw, start, line, column);
  }

  /// What follows `//`.
  static CommentLine ofLine(String raw, int line, int column) {
    return from(raw, raw.startsWith(" ") ? 1 : 0, line, column);
  }

  private static CommentLine from(String raw, int start, int line, int column) {
    int skipped = raw.codePointCount(0, start);
    return new CommentLine(raw.substring(start).stripTrailing(), line, column + skipped);
  }

  private static int spaces(String raw, int from) {
    int i = from;
    while (i < raw.length() && Character.isWhitespace(raw.charAt(i))) {
      i++;
    }
    return i;
  }

  /// The stretch of this line from character `start` (a Java index) on.
  Position at(int start, int length) {
    int before = text.codePointCount(0, start);
    int covered = text.codePointCount(start, start + length);
    return new Position(line, column + before, covered);
  }
}
