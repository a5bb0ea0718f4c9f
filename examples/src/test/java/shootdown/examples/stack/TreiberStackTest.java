package shootdown.examples.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import shootdown.check.TraceText;
import shootdown.examples.stack.TreiberStack.Top;
import shootdown.junit.Expectation;

class TreiberStackTest {
  @Test
  void aNodeThatComesBackDeceivesTheSwap() {
    var result =
        Expectation.violating("owned once").verify(() -> TreiberStack.program(3, Top.NODE));

    var shown = result.violations().getFirst().counterexample();
    assertEquals(2, shown.schedule().switches(), () -> TraceText.of(shown));
  }

  @Test
  void aCountOfChangesDoesNotComeBack() {
    Expectation.NOTHING_WRONG.verify(() -> TreiberStack.program(3, Top.NODE_AND_COUNT));
  }

  @Test
  void aStackOfOneNodeCannotShowIt() {
    Expectation.NOTHING_WRONG.verify(() -> TreiberStack.program(1, Top.NODE));
  }
}
