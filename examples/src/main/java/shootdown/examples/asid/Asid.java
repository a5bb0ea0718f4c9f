package shootdown.examples.asid;

import java.util.BitSet;

/// An ASID with its generation, in a long.
final class Asid {
  /// Bits of the number.
  static final int BITS = 4;

  /// The number's bits.
  static final long NUMBER = (1 << BITS) - 1;

  /// No ASID.
  static final long NONE = 0;

  private Asid() {}

  static long of(int number, long generation) {
    return generation << BITS | number;
  }

  static int number(long asid) {
    return (int) (asid & NUMBER);
  }

  static long generation(long asid) {
    return asid >>> BITS;
  }

  static String show(long asid) {
    return asid == NONE ? "none" : number(asid) + " (generation " + generation(asid) + ")";
  }

  /// A set of numbers, one bit each.
  static String showNumbers(long numbers) {
    return BitSet.valueOf(new long[] {numbers}).toString();
  }
}
