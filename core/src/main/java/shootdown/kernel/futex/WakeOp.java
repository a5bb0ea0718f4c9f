package shootdown.kernel.futex;

/// The operation and the comparison that FUTEX_WAKE_OP is told in one word.
///
/// ```text
///  31           30 … 28  27 … 24  23 … 12  11 … 0
///  oparg shift  op       cmp      oparg    cmparg
/// ```
///
/// @param encoded that word
/// @param arguments how it is read
record WakeOp(int encoded, WakeOpArguments arguments) {
  /// Whether Linux shifts by so many bits: if not, the word is not touched.
  boolean takesShift() {
    return encoded >= 0
        || arguments != WakeOpArguments.UNSIGNED_AND_CHECKED
        || rawOparg() < Integer.SIZE;
  }

  /// Whether Linux knows the operation: if not, the word is not touched.
  boolean knowsOperation() {
    return op() <= 4;
  }

  /// Whether Linux knows the comparison: if not, the operation is done nevertheless.
  boolean knowsComparison() {
    return cmp() <= 5;
  }

  /// FUTEX_OP_SET, ADD, OR, ANDN or XOR of the old value.
  int apply(int old) {
    int oparg = oparg();
    return switch (op()) {
      case 0 -> oparg;
      case 1 -> old + oparg;
      case 2 -> old | oparg;
      case 3 -> old & ~oparg;
      case 4 -> old ^ oparg;
      default -> throw new IllegalStateException("op " + op());
    };
  }

  /// FUTEX_OP_CMP_EQ, NE, LT, LE, GT or GE of the old value and cmparg.
  boolean compares(int old) {
    int cmparg = arguments.extend(encoded & 0xfff);
    return switch (cmp()) {
      case 0 -> old == cmparg;
      case 1 -> old != cmparg;
      case 2 -> old < cmparg;
      case 3 -> old <= cmparg;
      case 4 -> old > cmparg;
      case 5 -> old >= cmparg;
      default -> throw new IllegalStateException("cmp " + cmp());
    };
  }

  private int op() {
    return encoded >>> 28 & 7;
  }

  private int cmp() {
    return encoded >>> 24 & 15;
  }

  private int oparg() {
    return encoded < 0 ? 1 << (rawOparg() & 31) : arguments.extend(rawOparg());
  }

  private int rawOparg() {
    return encoded >>> 12 & 0xfff;
  }
}
