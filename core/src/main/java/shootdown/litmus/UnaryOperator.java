package shootdown.litmus;

/// An operator before a 64-bit signed word, with C's meaning.
public enum UnaryOperator {
  NEGATE("-"),
  COMPLEMENT("~"),
  NOT("!");

  private final String symbol;

  UnaryOperator(String symbol) {
    this.symbol = symbol;
  }

  /// As C writes it.
  public String symbol() {
    return symbol;
  }

  public long apply(long operand) {
    return switch (this) {
      case NEGATE -> -operand;
      case COMPLEMENT -> ~operand;
      case NOT -> operand == 0 ? 1 : 0;
    };
  }
}
