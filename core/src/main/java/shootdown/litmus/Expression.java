package shootdown.litmus;

/// An expression: it has a value, a 64-bit signed word, and no effect but loads.
///
/// [Evaluation] computes one.
public sealed interface Expression extends Argument.Value, Source {
  @Override
  Position at();

  /// `1`, `0x10`, `1UL`.
  record Literal(long value, Position at) implements Expression {}

  /// `PAGE`, `PROT_READ`: a name of [Constants].
  record Constant(String name, long value, Position at) implements Expression {}

  /// A name that the initial state binds.
  record Global(String name, Position at) implements Expression {}

  /// A register of the thread that the expression stands in; 0 until it is assigned.
  record Register(String name, Position at) implements Expression {}

  /// A load of one word: `*p`, `p[i]`.
  record Load(Place place, Position at) implements Expression {}

  record Unary(UnaryOperator operator, Expression operand, Position at) implements Expression {}

  record Binary(BinaryOperator operator, Expression left, Expression right, Position at)
      implements Expression {}

  /// `FUTEX_OP(op, oparg, cmp, cmparg)`: the argument `val3` of FUTEX_WAKE_OP, packed as
  /// `linux/futex.h` packs it: 4, 12, 4 and 12 bits, `op` and `cmp` in the upper byte.
  record FutexOp(Expression op, Expression oparg, Expression cmp, Expression cmparg, Position at)
      implements Expression {
    static long pack(long op, long oparg, long cmp, long cmparg) {
      return (op & 0xF) << 28 | (cmp & 0xF) << 24 | (oparg & 0xFFF) << 12 | cmparg & 0xFFF;
    }
  }

  /// `gettid()`: the caller's thread identifier, the value that a PI futex holds.
  record ThreadId(Position at) implements Expression {}
}
