package shootdown.report;

import java.util.Locale;

/// Numbers as reports write them, the same in every locale.
final class Numbers {
  private Numbers() {}

  /// `1 run`, `12,345 states`.
  static String count(long n, String noun) {
    return grouped(n) + " " + noun + (n == 1 ? "" : "s");
  }

  static String grouped(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /// `0.2 s`.
  static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }

  /// `0.24`: as herd7 writes it.
  static String hundredths(double seconds) {
    return String.format(Locale.ROOT, "%.2f", seconds);
  }
}
