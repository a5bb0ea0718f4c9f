package shootdown.litmus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the printer writes, the parser reads as the same tree.
final class RoundTripTest {
  static List<String> samples() {
    return Samples.NAMES;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void printedTestIsReadAsTheSameTree(String name) {
    LitmusTest test = Samples.test(name);
    String printed = Printer.print(test);
    LitmusTest again = Samples.parsed(name + ".litmus", printed);
    assertEquals(Samples.tree(test), Samples.tree(again));
    assertEquals(printed, Printer.print(again));
  }
}
