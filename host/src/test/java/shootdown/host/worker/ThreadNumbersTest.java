package shootdown.host.worker;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shootdown.host.Parsed;
import shootdown.litmus.LitmusTest;

class ThreadNumbersTest {
  private static final String LOCKS = "P0() { r1 = futex(x, FUTEX_LOCK_PI_PRIVATE); } P1() { ";

  private static LitmusTest test(String threads) {
    return Parsed.test(
        "{ x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0); }\n"
            + threads + " }");
  }

  private static String wakeOp(String address) {
    return "r1 = futex(x, FUTEX_WAKE_OP, 0, 0, " + address
        + ", FUTEX_OP(FUTEX_OP_ADD, 4, FUTEX_OP_CMP_EQ, 0));";
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "r2"})
  void whatHasAnOwnerIsNotReckonedWith(String address) {
    var test = test(LOCKS + "r2 = 0; " + wakeOp(address));
    assertThrows(Unrunnable.class, () -> ThreadNumbers.mustNotBeReckonedWith(test));
  }

  @ParameterizedTest
  @ValueSource(strings = {"r1 = futex(x, FUTEX_WAKE_PRIVATE, 1);", "r1 = *x;"})
  void itIsLookedAt(String statement) {
    assertDoesNotThrow(() -> ThreadNumbers.mustNotBeReckonedWith(test(LOCKS + statement)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x + WORD", "x + 2*WORD"})
  void anotherWordIsNobodys(String address) {
    assertDoesNotThrow(
        () -> ThreadNumbers.mustNotBeReckonedWith(test(LOCKS + wakeOp(address))));
  }
}
