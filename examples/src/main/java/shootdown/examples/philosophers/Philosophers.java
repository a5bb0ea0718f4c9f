package shootdown.examples.philosophers;

import java.util.ArrayList;
import java.util.List;
import shootdown.sched.Lock;
import shootdown.sched.LockClass;
import shootdown.sched.Program;
import shootdown.sched.Task;

/// Philosophers around a table, a fork between each two; who eats needs both forks beside him.
public final class Philosophers {
  /// Which fork is taken first.
  public enum Manners {
    /// the one on the left: everybody may hold that one and wait for the other
    LEFT_FIRST,
    /// the one with the lower number: then nobody waits in a circle
    LOWER_FIRST
  }

  /// Forks are one kind of lock, of which a task may hold several.
  private static final LockClass FORK = new LockClass("fork", 0, true, true);

  private Philosophers() {}

  /// So many philosophers that each eat a few times.
  ///
  /// @param seats at least 2
  public static Program program(int seats, int meals, Manners manners) {
    var program = new Program();
    List<Lock> forks = new ArrayList<>();
    for (int i = 0; i < seats; i++) {
      forks.add(program.lock("fork" + i, FORK));
    }
    List<Task> all = new ArrayList<>();
    for (int i = 0; i < seats; i++) {
      int left = i;
      int right = (i + 1) % seats;
      boolean leftFirst = manners == Manners.LEFT_FIRST || left < right;
      var first = forks.get(leftFirst ? left : right);
      var second = forks.get(leftFirst ? right : left);
      all.add(
          program.task(
              "P" + i,
              Task.Kind.NORMAL,
              () -> program.steps().each(0, meals, _ -> eat(first, second))));
    }
    if (manners == Manners.LEFT_FIRST) {
      program.ring("seat", seats).tasks(all).locks(forks);
    }
    return program;
  }

  private static void eat(Lock first, Lock second) {
    first.lock();
    second.lock();
    second.unlock();
    first.unlock();
  }
}
