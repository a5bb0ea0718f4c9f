package shootdown.kernel.futex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shootdown.kernel.futex.FutexWorld.READ_ONLY;
import static shootdown.kernel.futex.FutexWorld.SHARED;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shootdown.check.Check;
import shootdown.check.CheckResult;
import shootdown.check.Options;
import shootdown.sched.Program;
import shootdown.sched.Violation;

/// Whether the retry of a futex operation whose access faulted ever ends.
class FutexFaultInTest {

  /// A read fault in shared memory maps a page writable but clean. Where software keeps dirty bits
  /// that is read-only for the hardware, and the futex's is the first write.
  @ParameterizedTest
  @CsvSource({
    "v3.0, x86-64, false",
    "v3.0, arm64, false",
    "v3.0, riscv64-svadu, false",
    "v3.0, arm64-swad, true",
    "v3.0, armv7, true",
    "v3.0, ppc44x, true",
    "v3.0, riscv64-svade, true",
    "v3.1-rc1, arm64-swad, false",
    "v3.1-rc1, armv7, false",
    "v3.1-rc1, ppc44x, false",
    "v3.1-rc1, riscv64-svade, false",
    "v3.0+2efaca927f5c~noflush, riscv64-svade, false",
    "v3.0+2efaca927f5c~noflush, arm64-swad, false",
    "v3.0+2efaca927f5c~gupdirty, arm64-swad, true",
    "latest, arm64-swad, false",
    "latest-2efaca927f5c, arm64-swad, true"
  })
  void loadThenLockPi(String kernel, String machine, boolean livelock) {
    expect(
        livelock,
        "0",
        () ->
            new FutexWorld(kernel, machine)
                .thread(
                    0,
                    t -> {
                      t.load(SHARED);
                      t.result(t.futex(SHARED, Futex.FUTEX_LOCK_PI, 0));
                    })
                .done());
  }

  /// Another CPU makes the page dirty and flushes its own TLB only; the futex's CPU still has the
  /// page read-only in its TLB.
  @ParameterizedTest
  @CsvSource({
    "v3.1-rc1, riscv64-svade, false",
    "v3.0+2efaca927f5c~noflush, riscv64-svade, true",
    "v3.0+2efaca927f5c~gupdirty, riscv64-svade, true",
    "v3.0+2efaca927f5c~noflush, armv7, false",
    "v3.0, riscv64-svade, true",
    "v3.0, ppc44x, false"
  })
  void loadThenLockPiWhileAnotherCpuStores(String kernel, String machine, boolean livelock) {
    expect(
        livelock,
        "0 0",
        () ->
            new FutexWorld(kernel, machine)
                .thread(
                    0,
                    t -> {
                      t.load(SHARED);
                      t.result(t.futex(SHARED, Futex.FUTEX_LOCK_PI, 0));
                    })
                .thread(
                    0,
                    t -> {
                      t.store(SHARED + 8, 1);
                      t.result(0);
                    })
                .done());
  }

  /// Reclaim looks at the page and makes its PTE old. Where software keeps young bits that is not
  /// present for the hardware.
  @ParameterizedTest
  @CsvSource({
    "v3.0, x86-64, false",
    "v3.0, arm64, false",
    "v3.0, arm64-swad, true",
    "v3.0, armv7, true",
    "v3.0, riscv64-svade, true",
    "v3.1-rc1, arm64-swad, false",
    "v3.1-rc1, riscv64-svade, false",
    "v3.0+2efaca927f5c~noflush, arm64-swad, false",
    "v3.0+2efaca927f5c~gupdirty, arm64-swad, false"
  })
  void storeThenLockPiWhileThePageIsReclaimed(String kernel, String machine, boolean livelock) {
    expect(
        livelock,
        "0",
        () ->
            new FutexWorld(kernel, machine)
                .thread(
                    0,
                    t -> {
                      t.store(SHARED + 8, 1);
                      t.result(t.futex(SHARED, Futex.FUTEX_LOCK_PI, 0));
                    })
                .kswapd(SHARED)
                .done());
  }

  /// A PI futex in a read-only mapping can never be written.
  @ParameterizedTest
  @CsvSource({"v3.0, false", "v3.1-rc1, true", "v3.15-rc2, true", "v3.15-rc3, false"})
  void lockPiInAReadOnlyMapping(String kernel, boolean livelock) {
    expect(
        livelock,
        "-14",
        () ->
            new FutexWorld(kernel, "x86-64")
                .thread(
                    0,
                    t -> {
                      int lock = Futex.FUTEX_LOCK_PI | Futex.FUTEX_PRIVATE_FLAG;
                      t.result(t.futex(READ_ONLY, lock, 0));
                    })
                .done());
  }

  private static void expect(boolean livelock, String outcome, Supplier<Program> programs) {
    var result = Check.run(programs, Options.DEFAULT);
    assertTrue(result.isComplete(), () -> result.incomplete().toString());
    assertEquals(livelock ? Set.of(Violation.LIVELOCK) : Set.of(), properties(result));
    var allowed = livelock ? Set.of("99", "99 0", outcome) : Set.of(outcome);
    assertTrue(allowed.containsAll(result.outcomes().keySet()), result.outcomes()::toString);
  }

  private static Set<String> properties(CheckResult result) {
    var properties = new TreeSet<String>();
    result.violations().forEach(v -> properties.add(v.violation().orElseThrow().property()));
    return properties;
  }
}
