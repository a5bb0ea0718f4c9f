package shootdown.report;

import shootdown.litmus.Condition.Quantifier;
import shootdown.model.Ending;
import shootdown.model.TestResult;

/// How a result compares with what its test states.
public enum Standing {
  /// what the test states came out
  AS_STATED("ok"),
  /// the test states nothing for this kernel and machine, or one interleaving was replayed, and
  /// nothing wrong was found
  NOTHING_WRONG("ok"),
  /// something else than what the test states came out; where it states nothing, or one
  /// interleaving was replayed, an oracle is violated or the test's own `~exists` or `forall` does
  /// not hold
  DIFFERS("FAIL"),
  /// not all was explored, and what was does not decide it
  UNDECIDED("?");

  private final String label;

  Standing(String label) {
    this.label = label;
  }

  /// As the first word of a line.
  public String label() {
    return label;
  }

  public static Standing of(TestResult result) {
    if (result.asExpected().isPresent()) {
      return result.asExpected().get() ? AS_STATED : DIFFERS;
    }
    if (result.expected().isPresent()) {
      return UNDECIDED;
    }
    if (!result.violations().isEmpty() || refutesItsCondition(result)) {
      return DIFFERS;
    }
    return result.isComplete() || result.isReplay() ? NOTHING_WRONG : UNDECIDED;
  }

  /// A test that says `~exists` or `forall` claims something; `exists` asks a question.
  private static boolean refutesItsCondition(TestResult result) {
    String condition = result.condition().orElse("");
    if (condition.startsWith(Quantifier.NOT_EXISTS.label())) {
      return result.endings().stream().anyMatch(Ending::satisfies);
    }
    if (condition.startsWith(Quantifier.FORALL.label())) {
      return result.endings().stream().anyMatch(e -> !e.satisfies());
    }
    return false;
  }
}
