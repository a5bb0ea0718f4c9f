package shootdown.litmus;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.ToLongFunction;

/// The last part of a test.
public sealed interface Condition {
  /// The test has none: only the oracles speak.
  record None() implements Condition {}

  /// `exists (...)`, `~exists (...)`, `forall (...)`.
  record Over(Quantifier quantifier, Proposition proposition, Position at) implements Condition {
    /// Whether one execution satisfies the proposition. What that means for the test is the
    /// quantifier's matter.
    ///
    /// @param valuation the value of each observable at the end of the execution
    public boolean test(ToLongFunction<Observable> valuation) {
      return proposition.test(valuation);
    }

    /// What the proposition looks at, in the order of its text, the values' names included.
    public Set<Observable> observables() {
      Set<Observable> found = new LinkedHashSet<>();
      collect(proposition, found);
      return found;
    }

    private static void collect(Proposition proposition, Set<Observable> into) {
      switch (proposition) {
        case Proposition.Compare(var observable, _, var value, _) -> {
          into.add(observable);
          Evaluation.ofConditionValue(value, bound -> {
            into.add(bound);
            return 0;
          });
        }
        case Proposition.Not(var operand, _) -> collect(operand, into);
        case Proposition.And(var left, var right, _) -> {
          collect(left, into);
          collect(right, into);
        }
        case Proposition.Or(var left, var right, _) -> {
          collect(left, into);
          collect(right, into);
        }
      }
    }
  }

  /// What the test claims about its executions.
  enum Quantifier {
    EXISTS("exists"),
    NOT_EXISTS("~exists"),
    FORALL("forall");

    private final String label;

    Quantifier(String label) {
      this.label = label;
    }

    /// As the test writes it.
    public String label() {
      return label;
    }
  }
}
