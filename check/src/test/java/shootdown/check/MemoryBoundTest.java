package shootdown.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import shootdown.check.examples.Remap;

/// A search that may only take so much memory.
class MemoryBoundTest {
  private static final int KIB = 1 << 10;

  @Test
  void aSearchThatFitsIsComplete() {
    var result = search(Remap.Flush.BEFORE_UNLOCK_IF_DIRTY, 1 << 26, new Search.Exhaustive());

    assertTrue(result.isComplete(), result.incomplete()::toString);
  }

  @Test
  void oneThatDoesNotGoesOnWithATableOfBitsAndSaysSo() {
    var all = search(Remap.Flush.BEFORE_UNLOCK_IF_DIRTY, Long.MAX_VALUE, new Search.Exhaustive());
    var some = search(Remap.Flush.BEFORE_UNLOCK_IF_DIRTY, 400 * KIB, new Search.Exhaustive());

    assertTrue(
        some.incomplete().orElseThrow().startsWith("the memory for states was full after "),
        some.incomplete()::toString);
    assertTrue(some.effort().states() <= all.effort().states());
    assertTrue(some.effort().states() > 0.97 * all.effort().states(), some::toString);
    assertTrue(some.violations().isEmpty());
  }

  @Test
  void whatTheWeakModeFindsIsReal() {
    var result = search(Remap.Flush.AFTER_UNLOCK, 100 * KIB, new Search.Exhaustive());

    assertFalse(result.isComplete());
    assertFalse(result.violations().isEmpty());
    result.violations().forEach(Finding::counterexample);
  }

  @Test
  void boundedPreemptionsEndAtTheBound() {
    var result =
        search(Remap.Flush.BEFORE_UNLOCK_IF_DIRTY, 100 * KIB, new Search.Preemptions(9));

    String why = result.incomplete().orElseThrow();
    assertTrue(
        why.matches("complete up to \\d preemptions?; memory is full after \\d+ states"), why);
  }

  @Test
  void aTableOfBitsForgetsNothingAndConfusesFew() {
    var table = new BitTable(BitTable.fitting(1 << 17), 0);
    var fingerprints = new Fingerprints(0);
    int added = 0;
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      added += table.add(fingerprints.word(0, i)) ? 1 : 0;
      assertFalse(table.add(fingerprints.word(0, i)));
    }

    assertEquals(added, table.size());
    assertTrue(added > 0.98 * count, "" + added);
    assertTrue(table.confusion() > 0.01 && table.confusion() < 0.05, "" + table.confusion());
  }

  private static CheckResult search(Remap.Flush flush, long memory, Search search) {
    return Check.run(
        () -> Remap.program(2, 2, flush),
        Options.DEFAULT.withMemory(memory).withSearch(search));
  }
}
