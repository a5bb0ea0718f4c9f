package shootdown.check;

import java.util.function.Function;
import shootdown.check.generated.GeneratedProgram;

/// Compares whatever can be compared of a program; tells how the checker fails, or nothing if it
/// does not. Runs in [FaultyClasses].
public final class Trial implements Function<GeneratedProgram, String> {
  @Override
  public String apply(GeneratedProgram program) {
    try {
      Comparison.ofTurns(program);
      Comparison.of(program);
      return "";
    } catch (AssertionError | RuntimeException wrong) {
      return String.valueOf(wrong);
    }
  }
}
