package shootdown.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shootdown.check.Check;
import shootdown.check.Options;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.LockOrder;
import shootdown.litmus.Oracle;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.machine.Profiles;
import shootdown.model.truth.Truth;
import shootdown.sched.LockClass;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Violation;

/// Locks are taken in the order of [LockOrder], or it is a kernel bug.
class LockOrderTest {

  /// What a task does wrong that takes a lock of one class and then one of another.
  private static List<Violation> taking(LockClass first, LockClass second) {
    return Check.run(
            () -> {
              var program = new Program();
              var outer = program.lock("first", first);
              var inner = program.lock("second", second);
              program.task(
                  "T",
                  Task.Kind.NORMAL,
                  () -> {
                    outer.lock();
                    inner.lock();
                    inner.unlock();
                    outer.unlock();
                  });
              return program;
            },
            Options.DEFAULT)
        .violations()
        .stream()
        .map(f -> f.violation().orElseThrow())
        .toList();
  }

  @Test
  void onlyInThisOrder() {
    var all = LockOrder.values();
    for (var first : all) {
      for (var second : all) {
        var kind = first.lockClass();
        boolean down = first.ordinal() < second.ordinal();
        boolean sleepsUnderSpinning = !kind.sleeps() && second.lockClass().sleeps();
        boolean fine = down && !sleepsUnderSpinning || first == second && kind.nests();
        var wrong = taking(kind, second.lockClass());
        assertEquals(fine, wrong.isEmpty(), first + " then " + second + ": " + wrong);
        assertTrue(
            wrong.stream().allMatch(v -> v.property().equals(Violation.LOCK_MISUSE)),
            wrong::toString);
      }
    }
  }

  @Test
  void anotherOrderIsAKernelBug() {
    assertEquals(
        Optional.of(Oracle.KERNEL_BUG),
        Planned.oracle(new Violation(Violation.LOCK_MISUSE, "against the lock order")));
  }

  /// No lock spins above one that sleeps: it could never be taken.
  @Test
  void locksThatSleepStandAboveThoseThatSpin() {
    var sleeping = Arrays.stream(LockOrder.values()).map(l -> l.lockClass().sleeps()).toList();
    assertEquals(sleeping.stream().sorted((a, b) -> Boolean.compare(b, a)).toList(), sleeping);
  }

  @Test
  void everyLockOfTheKernelIsInTheOrder() {
    var program = new Program();
    var layout = new Layout(2, 2, 8, 6, 1, 3);
    var profile = Profiles.find("x86-64").orElseThrow();
    var names = new Names();
    var truth = new Truth(program, layout, 2, 2, 1, 0, names);
    var machine = new Machine(program, profile, layout, names, truth.witness());
    new KernelData(program, machine, truth.ground(), 2, 2, 1);

    var known = Arrays.stream(LockOrder.values()).map(LockOrder::lockClass).toList();
    var used =
        IntStream.range(0, program.size())
            .mapToObj(program::lockAt)
            .filter(kind -> kind != null)
            .distinct()
            .toList();
    assertTrue(used.size() > 8, used::toString);
    assertTrue(known.containsAll(used), used::toString);
  }
}
