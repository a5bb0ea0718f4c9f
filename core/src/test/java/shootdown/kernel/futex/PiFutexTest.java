package shootdown.kernel.futex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shootdown.kernel.futex.FutexTest.outcomes;
import static shootdown.kernel.futex.FutexWorld.SHARED;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shootdown.sched.Violation;
import shootdown.sched.Word;

/// Locks whose owner the kernel knows.
class PiFutexTest {
  private static final int PRIV = Futex.FUTEX_PRIVATE_FLAG;

  /// The lock of a C library: an atomic instruction if nobody else is there, else the kernel.
  private static void locked(FutexWorld.Thread t, long va, Runnable section) {
    if (t.cas(va, 0, t.me.tid()) != 0) {
      t.result(t.futex(va, Futex.FUTEX_LOCK_PI | PRIV, 0));
    }
    section.run();
    if (t.cas(va, t.me.tid(), 0) != t.me.tid()) {
      t.result(t.futex(va, Futex.FUTEX_UNLOCK_PI | PRIV, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void oneAtATimeAndNobodyWaitsForEver(int threads) {
    var outcomes =
        outcomes(
            () -> {
              var world = new FutexWorld("latest", "x86-64");
              var inside = world.program.word("inside", 0);
              for (int i = 0; i < threads; i++) {
                world.thread(0, t -> locked(t, SHARED, () -> section(world, inside)));
              }
              return world.done();
            });
    assertTrue(outcomes.contains(" 0".repeat(threads).strip()), outcomes::toString);
    assertTrue(outcomes.stream().allMatch(o -> o.matches("(0|99)( (0|99))*")), outcomes::toString);
  }

  /// Unlocking by the kernel, though user space could: a waiter may come between its reading the
  /// word and its taking the bucket's lock.
  @Test
  void unlockingWithoutALookAtTheWord() {
    assertEquals(
        Set.of("0 0"),
        outcomes(
            () -> {
              var world = new FutexWorld("latest", "x86-64");
              for (int i = 0; i < 2; i++) {
                world.thread(
                    0,
                    t -> {
                      long locked = t.futex(SHARED, Futex.FUTEX_LOCK_PI | PRIV, 0);
                      t.result(locked + t.futex(SHARED, Futex.FUTEX_UNLOCK_PI | PRIV, 0));
                    });
              }
              return world.done();
            }));
  }

  private static void section(FutexWorld world, Word inside) {
    if (!inside.is(0)) {
      world.program.steps().violate(new Violation("exclusion", "two threads hold the lock"));
    }
    inside.write(1);
    inside.write(0);
  }

  /// Each holds one lock and wants the other's: whoever asks last is told.
  @Test
  void twoWhoWaitForEachOtherAreTold() {
    assertEquals(
        Set.of("-35 0", "0 -35", "0 0"),
        outcomes(
            () ->
                new FutexWorld("latest", "x86-64")
                    .thread(0, t -> crosswise(t, SHARED, SHARED + 8))
                    .thread(0, t -> crosswise(t, SHARED + 8, SHARED))
                    .done()));
  }

  private static void crosswise(FutexWorld.Thread t, long mine, long other) {
    t.futex(mine, Futex.FUTEX_LOCK_PI | PRIV, 0);
    t.result(t.futex(other, Futex.FUTEX_LOCK_PI | PRIV, 0));
    t.futex(mine, Futex.FUTEX_UNLOCK_PI | PRIV, 0);
    t.futex(other, Futex.FUTEX_UNLOCK_PI | PRIV, 0);
  }
}
