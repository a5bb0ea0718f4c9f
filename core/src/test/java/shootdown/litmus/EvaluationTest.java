package shootdown.litmus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Expressions have the values that C gives them, conditions those of logic.
final class EvaluationTest {
  /// Memory where the word at address a holds a + 1; records the loads.
  private static final class Fixed implements Evaluation.Environment {
    private final List<Long> loads = new ArrayList<>();

    @Override
    public long global(String name) {
      return Map.of("x", 0x1000L, "n", 5L).get(name);
    }

    @Override
    public long register(String name) {
      return Map.of("r1", 7L, "r2", -8L).get(name);
    }

    @Override
    public long load(long address) {
      loads.add(address);
      return address + 1;
    }

    @Override
    public long threadId() {
      return 42;
    }
  }

  private static Expression expression(String text) {
    LitmusTest test = Samples.parsed("<test>", "MM t\n{ x = reserve(PAGE); n = 5; }\n"
        + "P0() { r1 = 7; r2 = -8; r3 = " + text + "; }\n");
    Statement.Assign last = assertInstanceOf(
        Statement.Assign.class, test.thread(0).body().statements().getLast());
    return assertInstanceOf(Expression.class, last.source());
  }

  private static List<Long> loads(String text) {
    Fixed environment = new Fixed();
    Evaluation.of(expression(text), environment);
    return environment.loads;
  }

  @ParameterizedTest
  @CsvSource(delimiter = '#', textBlock = """
      1 + 2 * 3 - 4             # 3
      (1 + 2) * 3               # 9
      10 - 4 - 3                # 3
      7 / 2 * 2 + 7 % 2         # 7
      -7 / 2                    # -3
      1 << 2 + 1                # 8
      r2 >> 1                   # -4
      1 | 2 ^ 3 & 6             # 1
      1 < 2 == 1                # 1
      2 > 1 && 3 >= 3           # 1
      1 <= 0 || 0 != 0          # 0
      !r1 + !0                  # 1
      ~0                        # -1
      - -r1                     # 7
      +n                        # 5
      0xFFFFFFFFFFFFFFFF        # -1
      0x10u + 10UL              # 26
      x + PAGE                  # 8192
      *x                        # 4097
      *(x + 8) - x[1]           # 0
      x[r1]                     # 4153
      **x                       # 4098
      (*x)[1]                   # 4106
      x[0][1]                   # 4106
      -EFAULT                   # -14
      FUTEX_WAITERS | gettid()  # 2147483690
      FUTEX_OP(FUTEX_OP_ADD | FUTEX_OP_OPARG_SHIFT, 2, FUTEX_OP_CMP_GT, -1) # 2483040255
      """)
  void hasTheValueOfC(String text, long expected) {
    assertEquals(expected, Evaluation.of(expression(text), new Fixed()));
  }

  @Test
  void logicalOperatorsSkipTheirRightSide() {
    assertEquals(List.of(), loads("0 && *x"));
    assertEquals(List.of(), loads("2 || *x"));
    assertEquals(List.of(0x1000L), loads("2 && *x"));
    assertEquals(List.of(0x1000L, 0x1008L), loads("0 * *x || x[1]"));
  }

  @Test
  void knowsWhatIsConstant() {
    assertEquals(OptionalLong.of(8193), Evaluation.constant(expression("PAGE * 2 + 1")));
    for (String text : List.of("x", "r1", "*x", "gettid()", "1 + n")) {
      assertTrue(Evaluation.constant(expression(text)).isEmpty(), text);
    }
  }

  private static boolean holds(String proposition, Map<Observable, Long> end) {
    LitmusTest test = Samples.parsed("<test>", "MM t\n{ f = file(PAGE); x = reserve(PAGE); "
        + "y = reserve(PAGE); }\nP0() { r1 = 1; r2 = 2; }\nexists (" + proposition + ")\n");
    Condition.Over condition = assertInstanceOf(Condition.Over.class, test.condition());
    return condition.test(observable -> {
      assertTrue(condition.observables().contains(observable), observable::label);
      return end.get(observable);
    });
  }

  @ParameterizedTest
  @CsvSource(delimiter = '#', textBlock = """
      0:r1=1                            # true
      0:r1 == 2                         # false
      0:r1!=2                           # true
      0:sig=SIGSEGV                     # true
      0:sig=0                           # false
      f=3 && f[2]=-EFAULT               # true
      x=4 /\\ x[1]=5                    # true
      0:r2=y                            # true
      0:r2=y + 8 - 8                    # true
      0:r1=0 \\/ 0:r1=1 /\\ 0:r1=2      # false
      (0:r1=0 \\/ 0:r1=1) /\\ 0:r1=1    # true
      0:r1=1 \\/ 0:r1=0 /\\ 0:r1=2      # true
      ~0:r1=1 || !(0:r1=0 || 0:r1=2)    # true
      """)
  void conditionHasTheValueOfLogic(String proposition, boolean expected) {
    Map<Observable, Long> end = Map.of(
        new Observable.Register(0, "r1"), 1L,
        new Observable.Register(0, "r2"), 0x2000L,
        new Observable.Signal(0), 11L,
        new Observable.File("f", 0), 3L,
        new Observable.File("f", 2), -14L,
        new Observable.Memory("x", 0), 4L,
        new Observable.Memory("x", 1), 5L,
        new Observable.Bound("y"), 0x2000L);
    String text = proposition.replace("\\\\", "\\");
    assertEquals(expected, holds(text, end));
    assertEquals(!expected, holds("~(" + text + ")", end));
  }

  @Test
  void samplesConditionNeedsBoth() {
    Condition.Over condition =
        assertInstanceOf(Condition.Over.class, Samples.test("mremap+mkclean").condition());
    assertFalse(condition.test(o -> 1));
    assertTrue(condition.test(o -> o instanceof Observable.Signal ? 0 : 1));
  }
}
