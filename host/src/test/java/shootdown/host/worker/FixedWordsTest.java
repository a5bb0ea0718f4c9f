package shootdown.host.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shootdown.host.Parsed;
import shootdown.litmus.LitmusTest;

class FixedWordsTest {
  private static final String ANONYMOUS =
      "x = mmap(NULL, 2*PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0);";
  private static final String FILE =
      "f = file(PAGE); x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE, f, 0);";

  private static LitmusTest test(String init, String threads) {
    return Parsed.test("{ " + init + " }\n" + threads);
  }

  private static boolean canBeRepeated(String init, String threads) {
    return FixedWords.canBeRepeated(test(init, threads));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "P0() { *x = 1; r1 = x[1]; } P1() { x[1] = 1; r1 = *x; }",
        "P0() { r1 = *(x + 511*WORD); if (r1 == x[3]) { x[2] = r1 + 1; } else { x[4] = 2; } }",
        "P0() { r1 = 1; while (r1 < 5) { r1 = r1 + 1; } }",
      })
  void wordsOfAPageThatTheInitialStateStoredToCanBeRestored(String threads) {
    assertEquals(true, canBeRepeated(ANONYMOUS + " x[7] = 5;", threads));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "P0() { x[512] = 1; }", // another page
        "P0() { r1 = *(x - WORD); }",
        "P0() { r1 = 8; *(x + r1) = 1; }", // which word is not known
        "P0() { r1 = *(x + 4); }", // two words
        "P0() { r1 = madvise(x, PAGE, MADV_DONTNEED); }",
        "P0() { r1 = gettid(); }",
        "P0() { if (1) { x[512] = 1; } }",
      })
  void anythingElseNeedsNewMappings(String threads) {
    assertEquals(false, canBeRepeated(ANONYMOUS + " x[7] = 5;", threads));
  }

  @Test
  void whatTheInitialStateDoesMayNotBeSeenElsewhere() {
    var threads = "P0() { *x = 1; }";
    assertEquals(false, canBeRepeated(ANONYMOUS, threads));
    assertEquals(false, canBeRepeated(FILE + " *x = 5;", threads));
    assertEquals(
        false, canBeRepeated(ANONYMOUS + " *x = 5; madvise(x, PAGE, MADV_DONTNEED);", threads));
  }
}
