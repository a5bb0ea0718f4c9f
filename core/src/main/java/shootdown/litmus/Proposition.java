package shootdown.litmus;

import java.util.function.ToLongFunction;

/// A statement about the end of an execution, true or false.
public sealed interface Proposition {
  Position at();

  /// @param valuation the value of each observable at the end
  boolean test(ToLongFunction<Observable> valuation);

  /// `0:r1=1`.
  ///
  /// @param value made of constants and names of the initial state
  record Compare(Observable observable, Relation relation, Expression value, Position at)
      implements Proposition {
    @Override
    public boolean test(ToLongFunction<Observable> valuation) {
      long actual = valuation.applyAsLong(observable);
      boolean equal = actual == Evaluation.ofConditionValue(value, valuation);
      return equal == (relation == Relation.EQUAL);
    }
  }

  /// What a comparison asks for.
  enum Relation {
    EQUAL("="),
    DIFFERENT("!=");

    private final String symbol;

    Relation(String symbol) {
      this.symbol = symbol;
    }

    String symbol() {
      return symbol;
    }
  }

  record Not(Proposition operand, Position at) implements Proposition {
    @Override
    public boolean test(ToLongFunction<Observable> valuation) {
      return !operand.test(valuation);
    }
  }

  record And(Proposition left, Proposition right, Position at) implements Proposition {
    @Override
    public boolean test(ToLongFunction<Observable> valuation) {
      return left.test(valuation) && right.test(valuation);
    }
  }

  record Or(Proposition left, Proposition right, Position at) implements Proposition {
    @Override
    public boolean test(ToLongFunction<Observable> valuation) {
      return left.test(valuation) || right.test(valuation);
    }
  }
}
