package shootdown.check;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/// What workers hand to each other: states with steps that nobody has followed yet.
final class Branches {
  private final Queue<Branch> waiting = new ArrayDeque<>();
  private final int workers;
  private int idle;
  private boolean over;
  private boolean held;

  /// Whether a worker has nothing to do; a hint, read without a lock after each step.
  private volatile boolean wanted;

  /// A state, by the way to it, and which of its steps are left; and the same of the last states on
  /// the way, if any of theirs are left.
  ///
  /// @param tasks who steps on the way
  /// @param choices what they choose
  /// @param nextTask of each of the last states, the first task whose steps are left; all after it
  ///     are, too
  /// @param nextChoice the first of its choices that is left
  /// @param moved whether a step of the state has been taken
  record Branch(int[] tasks, int[] choices, int[] nextTask, int[] nextChoice, boolean[] moved) {
    static Branch first() {
      return new Branch(new int[0], new int[0], new int[1], new int[1], new boolean[1]);
    }

    /// Steps to the first state of which steps may be left.
    int base() {
      return tasks.length + 1 - nextTask.length;
    }
  }

  Branches(int workers) {
    this.workers = workers;
  }

  boolean isWanted() {
    return wanted;
  }

  synchronized void give(Branch branch) {
    waiting.add(branch);
    wanted = idle > waiting.size();
    notify();
  }

  /// What to search next; empty if all is done or [#stop] was called.
  synchronized Optional<Branch> take() {
    idle++;
    while ((waiting.isEmpty() || held) && !over) {
      wanted = !held;
      over = waiting.isEmpty() && idle == workers;
      if (!over) {
        await();
      }
    }
    if (over) {
      notifyAll();
      return Optional.empty();
    }
    idle--;
    wanted = idle > waiting.size() - 1;
    return Optional.of(waiting.remove());
  }

  /// Nobody gets anything until [#release].
  synchronized void hold() {
    held = true;
  }

  synchronized void release() {
    held = false;
    notifyAll();
  }

  /// How many workers have nothing to do.
  synchronized int idle() {
    return idle;
  }

  /// What nobody has taken yet.
  synchronized List<Branch> waiting() {
    return List.copyOf(waiting);
  }

  /// Nobody gets anything more.
  synchronized void stop() {
    over = true;
    notifyAll();
  }

  private void await() {
    try {
      wait();
    } catch (InterruptedException e) {
      over = true;
    }
  }
}
