package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shootdown.check.examples.Remap;
import shootdown.check.examples.Remap.Flush;

/// The reference problem has as many states as its twins in Promela and TLA+ (`bench/twins`).
class ReferenceProblemTest {
  @ParameterizedTest
  @CsvSource({"1,1,848", "2,1,10219", "1,2,9025", "2,2,454773", "4,1,328464"})
  void countsAreThoseOfTheTwins(int pages, int writers, long states) {
    var result = check(pages, writers, Flush.BEFORE_UNLOCK_IF_DIRTY, Reductions.NONE);

    assertEquals(states, result.effort().states());
    assertTrue(result.violations().isEmpty());
    assertTrue(result.isComplete());
  }

  @Test
  void transitionsAreThoseOfTheTwins() {
    var result = check(2, 2, Flush.BEFORE_UNLOCK_IF_DIRTY, Reductions.NONE);

    assertEquals(1_213_936, result.effort().transitions());
  }

  @ParameterizedTest
  @CsvSource({"1,1,848", "2,1,10219", "1,2,9025"})
  void mergingLeavesLittleMore(int pages, int writers, long states) {
    var options =
        Options.DEFAULT
            .withReductions(Reductions.NONE)
            .withMerging(Options.Merging.BISIMILAR);
    var effort =
        Check.run(() -> Remap.program(pages, writers, Flush.BEFORE_UNLOCK_IF_DIRTY), options)
            .effort();

    assertEquals(states, effort.unmergedStates());
    assertTrue(effort.states() <= states, "merging must not add states: " + effort);
    assertTrue(1.25 * effort.states() > states, "what is dead is forgotten: " + effort);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,1", "1,2", "2,2"})
  void reducedSearchFindsWhatThePlainOneFinds(int pages, int writers) {
    for (var flush : Flush.values()) {
      var plain = check(pages, writers, flush, Reductions.NONE);
      var reduced = check(pages, writers, flush, Reductions.ALL);

      assertEquals(CheckTest.violations(plain), CheckTest.violations(reduced));
      assertEquals(plain.outcomes().keySet(), reduced.outcomes().keySet());
      assertTrue(reduced.effort().states() < plain.effort().states() / 2);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,1", "2,2"})
  void theOldOrderLosesAWrite(int pages, int writers) {
    var result = check(pages, writers, Flush.AFTER_UNLOCK, Reductions.ALL);

    assertEquals(
        List.of("lost write"),
        CheckTest.violations(result).stream().map(v -> v.property()).toList());
    var shown = result.violations().getFirst().counterexample();
    assertEquals(5, shown.schedule().switches());
    assertTrue(shown.minimal());
    assertEquals(
        Set.copyOf(CheckTest.violations(result)), Set.copyOf(shown.trace().violations()));
  }

  private static CheckResult check(
      int pages, int writers, Flush flush, Reductions reductions) {
    return Check.run(
        () -> Remap.program(pages, writers, flush),
        Options.DEFAULT.withReductions(reductions));
  }
}
