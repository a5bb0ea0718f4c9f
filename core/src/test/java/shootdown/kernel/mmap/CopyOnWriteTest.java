package shootdown.kernel.mmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shootdown.kernel.mmap.MmanConstants.MAP_ANONYMOUS;
import static shootdown.kernel.mmap.MmanConstants.MAP_FIXED;
import static shootdown.kernel.mmap.MmanConstants.MAP_PRIVATE;
import static shootdown.kernel.mmap.MmanConstants.PROT_READ;
import static shootdown.kernel.mmap.MmanConstants.PROT_WRITE;
import static shootdown.kernel.mmap.SmallKernel.PAGE;

import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shootdown.check.CheckResult;
import shootdown.kernel.data.Current;

/// Private pages under threads and processes that write at the same time, by each rule of reuse.
class CopyOnWriteTest {
  private static final long X = 4L * PAGE;

  private static void map(SmallKernel k, Current me) {
    long flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    k.calls.mmap(me, X, PAGE, PROT_READ | PROT_WRITE, flags, -1, 0);
  }

  /// The values of each outcome up to the zeros.
  private static Set<String> outcomes(CheckResult result) {
    assertTrue(result.violations().isEmpty(), () -> result.violations().toString());
    assertTrue(result.isComplete(), () -> result.incomplete() + " " + result.effort());
    return result.outcomes().keySet().stream()
        .map(o -> o.substring(1, o.indexOf(", 0, 0, 0")))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"v5.8", "v5.10", "latest"})
  void parentAndChildWriteAtOnce(String release) {
    Consumer<SmallKernel> test =
        k -> {
          k.thread(0, 0, me -> parent(k, me));
          k.thread(1, 1, me -> child(k, me));
        };
    for (String machine : new String[] {"x86-64", "ppc44x"}) {
      assertEquals(
          Set.of("1, 2, 1, 3"), outcomes(SmallKernel.check(release, machine, test)), machine);
    }
  }

  private static void parent(SmallKernel k, Current me) {
    map(k, me);
    k.store(me, X, 1);
    k.calls.fork(me, 1);
    k.log(0, 1);
    k.store(me, X, 2);
    k.log(1, k.load(me, X));
  }

  private static void child(SmallKernel k, Current me) {
    k.logged(0).await(1);
    k.log(2, k.load(me, X));
    k.store(me, X, 3);
    k.log(3, k.load(me, X));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-64", "arm64-swad", "ppc44x"})
  void threadsFaultOnePageInAtOnce(String machine) {
    var result =
        SmallKernel.check(
            "latest",
            machine,
            k -> {
              k.thread(
                  0,
                  0,
                  me -> {
                    map(k, me);
                    k.log(0, 1);
                    k.store(me, X, 5);
                    k.logged(1).await(6);
                    k.log(2, k.load(me, X));
                  });
              k.thread(
                  1,
                  0,
                  me -> {
                    k.logged(0).await(1);
                    k.store(me, X, 7);
                    k.log(1, 6);
                  });
            });

    assertEquals(Set.of("1, 6, 5", "1, 6, 7"), outcomes(result));
  }
}
