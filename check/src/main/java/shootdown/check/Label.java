package shootdown.check;

/// Labels of the edges that leave scopes and loops, packed into a long:
/// what (2 bits), number of a standing (30 bits), number of a value (32 bits).
final class Label {
  /// into a scope's body
  static final long INSIDE = 0;
  private static final long TURN = 2;
  private static final long RESULT = 3;

  private Label() {}

  static long turn(int value, int standing) {
    return (long) value << 32 | (long) standing << 2 | TURN;
  }

  static long result(int value, int standing) {
    return (long) value << 32 | (long) standing << 2 | RESULT;
  }

  static boolean isTurn(long label) {
    return (label & 3) == TURN;
  }

  static boolean isResult(long label) {
    return (label & 3) == RESULT;
  }

  static int value(long label) {
    return (int) (label >>> 32);
  }

  static int standing(long label) {
    return (int) label >>> 2;
  }
}
