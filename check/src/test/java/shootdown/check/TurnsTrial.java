package shootdown.check;

import java.util.function.Function;
import shootdown.check.generated.GeneratedProgram;

/// Compares what workers find that take turns, in many orders; tells how they fail, or nothing if
/// they do not. Runs in [FaultyClasses].
public final class TurnsTrial implements Function<GeneratedProgram, String> {
  private static final int ORDERS = 40;

  @Override
  public String apply(GeneratedProgram program) {
    try {
      Comparison.ofTurns(program, ORDERS);
      return "";
    } catch (AssertionError | RuntimeException wrong) {
      return String.valueOf(wrong);
    }
  }
}
