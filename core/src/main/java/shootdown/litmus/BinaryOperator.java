package shootdown.litmus;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;
import java.util.stream.Collectors;

/// An operator between two 64-bit signed words, with C's meaning and precedence.
public enum BinaryOperator {
  OR_ELSE("||", 1, (a, b) -> truth(a != 0 || b != 0)),
  AND_THEN("&&", 2, (a, b) -> truth(a != 0 && b != 0)),
  OR("|", 3, (a, b) -> a | b),
  XOR("^", 4, (a, b) -> a ^ b),
  AND("&", 5, (a, b) -> a & b),
  EQUAL("==", 6, (a, b) -> truth(a == b)),
  NOT_EQUAL("!=", 6, (a, b) -> truth(a != b)),
  LESS("<", 7, (a, b) -> truth(a < b)),
  LESS_OR_EQUAL("<=", 7, (a, b) -> truth(a <= b)),
  GREATER(">", 7, (a, b) -> truth(a > b)),
  GREATER_OR_EQUAL(">=", 7, (a, b) -> truth(a >= b)),
  SHIFT_LEFT("<<", 8, (a, b) -> a << b),
  SHIFT_RIGHT(">>", 8, (a, b) -> a >> b),
  ADD("+", 9, Long::sum),
  SUBTRACT("-", 9, (a, b) -> a - b),
  MULTIPLY("*", 10, (a, b) -> a * b),
  /// The parser sees to it that the divisor is a constant other than 0.
  DIVIDE("/", 10, (a, b) -> a / b),
  REMAINDER("%", 10, (a, b) -> a % b);

  private static final Map<String, BinaryOperator> BY_SYMBOL = Arrays.stream(values())
      .collect(Collectors.toUnmodifiableMap(BinaryOperator::symbol, Function.identity()));

  private final String symbol;
  private final int precedence;
  private final LongBinaryOperator meaning;

  BinaryOperator(String symbol, int precedence, LongBinaryOperator meaning) {
    this.symbol = symbol;
    this.precedence = precedence;
    this.meaning = meaning;
  }

  /// As C writes it.
  public String symbol() {
    return symbol;
  }

  /// A higher one binds tighter; 1 to 10.
  int precedence() {
    return precedence;
  }

  /// The result; of shift counts only the lowest six bits count. Both operands are evaluated
  /// already: [Evaluation] skips the right one of `&&` and `||` where C does.
  public long apply(long left, long right) {
    return meaning.applyAsLong(left, right);
  }

  static Optional<BinaryOperator> of(String symbol) {
    return Optional.ofNullable(BY_SYMBOL.get(symbol));
  }

  private static long truth(boolean value) {
    return value ? 1 : 0;
  }
}
