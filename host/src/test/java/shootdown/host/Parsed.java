package shootdown.host;

import shootdown.litmus.Litmus;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;

/// Litmus tests from texts that have no mistakes.
public final class Parsed {
  private Parsed() {}

  /// @param text of a test that is called `test`, from its initial state on
  public static LitmusTest test(String text) {
    return switch (Litmus.parse("test.litmus", "MM test\n" + text + "\n")) {
      case ParseResult.Parsed parsed -> parsed.test();
      case ParseResult.Rejected rejected -> throw new IllegalArgumentException(rejected.render());
    };
  }
}
