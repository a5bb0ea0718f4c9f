package shootdown.litmus;

import java.util.regex.Pattern;

/// The names of threads: P0, P1, ... and K0, K1, ...
final class ThreadName {
  /// Threads and CPUs have numbers below this one.
  static final int LIMIT = 64;

  private static final Pattern PLAIN = Pattern.compile("0|[1-9][0-9]?");

  private ThreadName() {}

  static boolean isOne(Token token) {
    return token.isWord() && isOne(token.text());
  }

  /// `P` or `K` and a number.
  static boolean isOne(String text) {
    return text.length() > 1 && (text.charAt(0) == 'P' || text.charAt(0) == 'K')
        && text.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
  }

  /// The number; -1 if it is none, out of range, or written with leading zeros.
  static int number(String digits) {
    if (!PLAIN.matcher(digits).matches()) {
      return -1;
    }
    int number = Integer.parseInt(digits);
    return number < LIMIT ? number : -1;
  }
}
