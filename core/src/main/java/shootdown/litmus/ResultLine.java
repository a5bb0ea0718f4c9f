package shootdown.litmus;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// `Result: [RELEASE] [MACHINE] VERDICT[, ORACLE...]`: what is expected of a test.
///
/// @param oracles those that are violated, in the order of [Oracle]; no other one is
public record ResultLine(
    Selector release, Selector machine, Verdict verdict, List<Oracle> oracles, Position at) {
  /// How the condition turns out.
  public enum Verdict {
    /// No execution satisfies the condition.
    NEVER("Never"),
    /// Some executions satisfy it, some do not.
    SOMETIMES("Sometimes"),
    /// All executions satisfy it.
    ALWAYS("Always"),
    /// What the model has does not decide it, by design; a machine's weak order, for example.
    UNKNOWN("Unknown"),
    /// The test has no condition, and no oracle is violated.
    CLEAN("Clean"),
    /// The test has no condition, and the line names oracles that are violated.
    VIOLATED("");

    private final String label;

    Verdict(String label) {
      this.label = label;
    }

    /// As the line writes it; empty for VIOLATED.
    public String label() {
      return label;
    }
  }

  public ResultLine {
    Set<Oracle> inOrder = EnumSet.noneOf(Oracle.class);
    inOrder.addAll(oracles);
    oracles = List.copyOf(inOrder);
  }
}
