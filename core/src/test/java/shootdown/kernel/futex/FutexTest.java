package shootdown.kernel.futex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shootdown.kernel.futex.FutexWorld.PRIVATE;
import static shootdown.kernel.futex.FutexWorld.READ_ONLY;
import static shootdown.kernel.futex.FutexWorld.SHARED;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shootdown.check.Check;
import shootdown.check.Options;
import shootdown.kernel.data.Errno;
import shootdown.sched.Program;

/// What futex operations return and whom they wake, in every interleaving.
class FutexTest {
  private static final int PRIV = Futex.FUTEX_PRIVATE_FLAG;

  @Test
  void aWaiterSeesTheValueOrIsWoken() {
    outcomes(
        Set.of("0 1", "-11 0"),
        () ->
            world()
                .thread(0, t -> t.result(t.futex(PRIVATE, Futex.FUTEX_WAIT | PRIV, 0)))
                .thread(
                    0,
                    t -> {
                      t.store(PRIVATE, 1);
                      t.result(t.futex(PRIVATE, Futex.FUTEX_WAKE | PRIV, 1));
                    })
                .done());
  }

  @Test
  void wakingBeforeTheValueChangesLosesTheWakeUp() {
    outcomes(
        Set.of("0 1", "-11 0", "99 0 asleep [1]"),
        () ->
            world()
                .thread(0, t -> t.result(t.futex(PRIVATE, Futex.FUTEX_WAIT | PRIV, 0)))
                .thread(
                    0,
                    t -> {
                      t.result(t.futex(PRIVATE, Futex.FUTEX_WAKE | PRIV, 1));
                      t.store(PRIVATE, 1);
                    })
                .done());
  }

  @Test
  void aTimedWaitIsWokenOrTimesOut() {
    outcomes(
        Set.of("0 1", "-110 0"),
        () ->
            world()
                .thread(
                    0,
                    t ->
                        t.result(
                            t.futex(PRIVATE, Futex.FUTEX_WAIT | PRIV, 0, 1, 0, 0)))
                .thread(0, t -> t.result(t.futex(PRIVATE, Futex.FUTEX_WAKE | PRIV, 1)))
                .done());
  }

  @Test
  void sharedMemoryIsOneFutexInTwoProcesses() {
    outcomes(
        Set.of("0 1", "-11 0"),
        () ->
            world()
                .thread(0, t -> t.result(t.futex(SHARED, Futex.FUTEX_WAIT, 0)))
                .thread(
                    1,
                    t -> {
                      t.store(SHARED, 1);
                      t.result(t.futex(SHARED, Futex.FUTEX_WAKE, 1));
                    })
                .done());
  }

  @Test
  void thePrivateFlagMakesItTwoFutexes() {
    outcomes(
        Set.of("99 0 asleep [1]", "-11 0"),
        () ->
            world()
                .thread(0, t -> t.result(t.futex(SHARED, Futex.FUTEX_WAIT, 0)))
                .thread(
                    0,
                    t -> {
                      t.store(SHARED, 1);
                      t.result(t.futex(SHARED, Futex.FUTEX_WAKE | PRIV, 1));
                    })
                .done());
  }

  @Test
  void aMovedWaiterIsWokenAtItsNewPlace() {
    long second = PRIVATE + 4;
    outcomes(
        Set.of("0 1", "99 0 asleep [1]"),
        () ->
            world()
                .thread(0, t -> t.result(t.futex(PRIVATE, Futex.FUTEX_WAIT | PRIV, 0)))
                .thread(
                    0,
                    t -> {
                      t.futex(PRIVATE, Futex.FUTEX_CMP_REQUEUE | PRIV, 0, 1, second, 0);
                      t.result(t.futex(second, Futex.FUTEX_WAKE | PRIV, 1));
                    })
                .done());
  }

  /// The one that moves it does not wake it: it times out wherever it is by then.
  @Test
  void aMovedWaiterTimesOutAtItsNewPlace() {
    outcomes(
        Set.of("-110 1", "-110 0"),
        () ->
            world()
                .thread(
                    0,
                    t ->
                        t.result(
                            t.futex(PRIVATE, Futex.FUTEX_WAIT | PRIV, 0, 1, 0, 0)))
                .thread(
                    0,
                    t ->
                        t.result(
                            t.futex(
                                PRIVATE, Futex.FUTEX_REQUEUE | PRIV, 0, 1, PRIVATE + 4, 0)))
                .done());
  }

  /// Of those who wait already, the first is woken, the second moved.
  @Test
  void requeueWakesSomeAndMovesOthers() {
    int requeue = Futex.FUTEX_REQUEUE | PRIV;
    outcomes(
        Set.of(
            "0 99 2 asleep [2]",
            "99 0 2 asleep [1]",
            "0 99 1 asleep [2]",
            "99 0 1 asleep [1]",
            "99 99 0 asleep [1, 2]"),
        () -> {
          var world = world();
          for (int i = 0; i < 2; i++) {
            world.thread(0, t -> t.result(t.futex(PRIVATE, Futex.FUTEX_WAIT | PRIV, 0)));
          }
          world.thread(0, t -> t.result(t.futex(PRIVATE, requeue, 1, 1, PRIVATE + 16, 0)));
          return world.done();
        });
  }

  @ParameterizedTest
  @CsvSource({
    // op, cmp, oparg, cmparg, before: after, whether the second futex's waiter is woken
    "0, 0, 7, 5, 5, 7, 1",
    "0, 1, 7, 5, 5, 7, 0",
    "1, 2, -1, 6, 5, 4, 1",
    "2, 3, 2, 4, 5, 7, 0",
    "3, 4, 4, 4, 5, 1, 1",
    "4, 5, 1, 6, 5, 4, 0",
    "8, 0, 3, 5, 5, 8, 1"
  })
  void wakeOpChangesAndCompares(
      int op, int cmp, int oparg, int cmparg, int before, int after, int compared) {
    int encoded = op << 28 | cmp << 24 | (oparg & 0xfff) << 12 | cmparg & 0xfff;
    var wakeOp = new WakeOp(encoded, WakeOpArguments.SIGNED);
    assertTrue(wakeOp.knowsOperation() && wakeOp.knowsComparison());
    assertEquals(after, wakeOp.apply(before));
    assertEquals(compared == 1, wakeOp.compares(before));
  }

  @Test
  void wakeOpWakesBothFutexes() {
    int add1IfZero = 1 << 28 | 1 << 12;
    outcomes(
        Set.of("1"),
        () ->
            world()
                .thread(
                    0,
                    t -> {
                      long woken =
                          t.futex(
                              PRIVATE, Futex.FUTEX_WAKE_OP | PRIV, 1, 1, SHARED, add1IfZero);
                      t.result(woken + t.load(SHARED));
                    })
                .done());
  }

  @ParameterizedTest
  @CsvSource({
    "WAIT of another value,    EAGAIN, 0, 1, 4096",
    "unaligned,                EINVAL, 0, 0, 4098",
    "wait: nothing is mapped,  EFAULT, 0, 0, 16384",
    "wake: nothing is mapped,  EFAULT, 1, 1, 16384",
    "beyond the address space, EFAULT, 0, 0, 1048576",
    "no such operation,        ENOSYS, 77, 0, 4096",
    "LOCK_PI of a stranger,    ESRCH,  6, 0, 8200",
    "LOCK_PI of one's own,     EDEADLK, 6, 0, 8208",
    "UNLOCK_PI of a stranger,  EPERM,  7, 0, 8200",
    "UNLOCK_PI of a free one,  EPERM,  7, 0, 8192",
    "TRYLOCK_PI of a held one, EAGAIN, 8, 0, 8216",
    "LOCK_PI in read-only,     EFAULT, 6, 0, 12288",
    "REQUEUE of -1,            EINVAL, 3, -1, 4096"
  })
  void errors(String what, Errno errno, int op, int val, long uaddr) {
    outcomes(
        Set.of(Long.toString(errno.result())),
        () ->
            world()
                .thread(
                    0,
                    t -> {
                      t.store(SHARED + 8, 1000);
                      t.store(SHARED + 16, 1);
                      t.store(SHARED + 24, 2);
                      t.result(t.futex(uaddr, op, val));
                    })
                .done());
  }

  @Test
  void aReadOnlyFileMappingCanBeWaitedOn() {
    outcomes(
        Set.of("-11"),
        () ->
            world()
                .thread(0, t -> t.result(t.futex(READ_ONLY, Futex.FUTEX_WAIT, 5)))
                .done());
  }

  private static FutexWorld world() {
    return new FutexWorld("latest", "arm64");
  }

  private static void outcomes(Set<String> expected, Supplier<Program> programs) {
    assertEquals(expected, outcomes(programs));
  }

  static Set<String> outcomes(Supplier<Program> programs) {
    var result = Check.run(programs, Options.DEFAULT);
    assertTrue(result.isComplete(), () -> result.incomplete().toString());
    assertEquals(List.of(), result.violations().stream().map(v -> v.violation()).toList());
    return result.outcomes().keySet();
  }
}
