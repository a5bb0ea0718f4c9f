package shootdown.check;

import java.util.List;

/// What taking an edge of an [Automaton] tells about its operation's word, before or after it: bits
/// that it has, or one value that it does not have.
///
/// @param mask the bits that are told; all, where `isNot`
/// @param value what they are
/// @param isNot that the word is not `value` is what is told
record Fact(long mask, long value, boolean isNot) {
  private static final long ALL = -1;

  /// The facts of the edge that leaves operation `v` where it tells `label`.
  static List<Fact> of(Automaton automaton, int v, long label) {
    long a = automaton.a[v];
    long b = automaton.b[v];
    return switch (automaton.code[v]) {
      case Code.READ -> List.of(bits(ALL, label));
      case Code.READ_MASKED -> List.of(bits(a, label));
      case Code.IS -> List.of(label == 1 ? bits(ALL, a) : not(a));
      case Code.TEST -> label == 0 ? List.of(bits(a, 0)) : oneOf(a);
      case Code.AWAIT, Code.SLEEP -> List.of(bits(a, b));
      case Code.WRITE -> List.of(bits(ALL, a));
      case Code.SWAP -> List.of(bits(ALL, label), bits(ALL, a));
      case Code.CAS -> label == 1 ? List.of(bits(ALL, a), bits(ALL, b)) : List.of(not(a));
      case Code.OR, Code.TEST_AND_SET -> List.of(bits(a, a));
      case Code.AND_NOT, Code.TEST_AND_CLEAR -> List.of(bits(a, 0));
      case Code.REPLACE -> List.of(bits(a, b & a));
      default -> List.of();
    };
  }

  /// Whether both cannot be true of a word of which the bits of `constant` do not change.
  boolean contradicts(Fact other, long constant) {
    if (isNot || other.isNot) {
      return isNot != other.isNot && (mask & other.mask & constant) == ALL && value == other.value;
    }
    return (mask & other.mask & constant & (value ^ other.value)) != 0;
  }

  private static Fact bits(long mask, long value) {
    return new Fact(mask, value, false);
  }

  private static Fact not(long value) {
    return new Fact(ALL, value, true);
  }

  /// One of these bits is set.
  private static List<Fact> oneOf(long bits) {
    return Long.bitCount(bits) == 1 ? List.of(bits(bits, bits)) : List.of();
  }
}
