package shootdown.litmus;

import java.util.Locale;
import java.util.Set;

/// Integer constants: decimal or hexadecimal, with C's suffixes.
final class Numbers {
  private static final Set<String> SUFFIXES = Set.of("", "u", "l", "ul", "lu", "ll", "ull", "llu");

  private Numbers() {}

  /// The value; 1 after a mistake, which is reported. 2^63 and more wrap around.
  static long value(Token token, Diagnostics diagnostics) {
    String text = token.text().toLowerCase(Locale.ROOT);
    boolean hex = text.startsWith("0x");
    int start = hex ? 2 : 0;
    int end = start;
    while (end < text.length() && Character.digit(text.charAt(end), hex ? 16 : 10) >= 0) {
      end++;
    }
    if (end == start || !SUFFIXES.contains(text.substring(end))) {
      diagnostics.add(token.at(), "malformed number " + token.quoted());
      return 1;
    }
    String digits = text.substring(start, end);
    if (!hex && digits.length() > 1 && digits.startsWith("0")) {
      diagnostics.add(token.at(), "octal numbers are not supported: " + token.quoted());
      return 1;
    }
    try {
      return Long.parseUnsignedLong(digits, hex ? 16 : 10);
    } catch (NumberFormatException _) {
      diagnostics.add(token.at(), "the number does not fit into 64 bits");
      return 1;
    }
  }
}
