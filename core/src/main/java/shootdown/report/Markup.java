package shootdown.report;

/// Text within HTML and XML.
final class Markup {
  private static final char REPLACEMENT = '\uFFFD';

  private Markup() {}

  /// As it may stand between tags and in attributes with double quotes. What XML has no character
  /// for is replaced.
  static String of(String text) {
    var escaped = new StringBuilder();
    text.codePoints().forEach(c -> append(escaped, c));
    return escaped.toString();
  }

  private static void append(StringBuilder escaped, int c) {
    switch (c) {
      case '&' -> escaped.append("&amp;");
      case '<' -> escaped.append("&lt;");
      case '>' -> escaped.append("&gt;");
      case '"' -> escaped.append("&quot;");
      default -> escaped.appendCodePoint(isCharacter(c) ? c : REPLACEMENT);
    }
  }

  /// `Char` of XML 1.0.
  private static boolean isCharacter(int c) {
    return c == '\t' || c == '\n' || c == '\r' || c >= 0x20 && c <= 0xD7FF
        || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
  }
}
