package shootdown.check;

import java.util.Arrays;

/// Which steps of the states on a depth-first path need not be taken, since they lead to what is
/// met in any case: the sleep sets of partial-order reduction (Godefroid, 1996), used so that they
/// leave out steps and no states; see ADR 0015.
///
/// ```text
///        s          t was followed from s before u, and the two commute: neither changes a word
///     t / \ u       that the other one touches. Then t leads from su to where u leads from st,
///     st   su       which was met earlier. So t sleeps at su; and it goes on to sleep after a
///     u \ / t       step v from there that commutes with it, if the task of v comes after its own.
///       stu
/// ```
///
/// A step that is left out counts as taken: it is in the graph, and where it leads to is known.
final class SleepSets {
  /// Sets of tasks are the bits of a long.
  static final int MAX_TASKS = Long.SIZE;

  private static final int MIN_DEPTH = 64;

  private final int tasks;

  /// Of each state on the path, sets of tasks: whose steps are not taken; who took a step; whose
  /// step tells nothing about others.
  private long[] asleep = new long[MIN_DEPTH];

  private long[] followed = new long[MIN_DEPTH];
  private long[] unfit = new long[MIN_DEPTH];

  /// What a task's steps from that state touch and change; see [Stepper#touched].
  private long[] touched;

  private long[] changed;

  SleepSets(int tasks) {
    this.tasks = tasks;
    touched = new long[MIN_DEPTH * tasks];
    changed = new long[MIN_DEPTH * tasks];
  }

  /// A state is entered at depth `d`; nothing is known of its steps.
  void enter(int d) {
    if (d == asleep.length) {
      grow();
    }
    asleep[d] = 0;
    followed[d] = 0;
    unfit[d] = 0;
  }

  /// A state is entered by a step, which `task` took from the state at `d - 1`.
  ///
  /// @param used the bits of what the step touched; see [Stepper#touched]
  /// @param altered the bits of what it changed
  void enter(int d, int task, long used, long altered) {
    enter(d);
    int from = (d - 1) * tasks;
    int to = d * tasks;
    long before = (1L << task) - 1;
    long rest = before & (followed[d - 1] & ~unfit[d - 1] | asleep[d - 1]);
    for (; rest != 0; rest &= rest - 1) {
      int t = Long.numberOfTrailingZeros(rest);
      if ((touched[from + t] & altered) == 0 && (changed[from + t] & used) == 0) {
        asleep[d] |= 1L << t;
        touched[to + t] = touched[from + t];
        changed[to + t] = changed[from + t];
      }
    }
  }

  /// Whether no step of `task` from the state at depth `d` need be taken.
  boolean isAsleep(int d, int task) {
    return (asleep[d] >>> task & 1) != 0;
  }

  /// `task` took a step from the state at depth `d`.
  ///
  /// @param used the bits of what it touched
  /// @param altered the bits of what it changed
  /// @param mayTell false if others are followed after it than before it, or it may close a cycle
  void followed(int d, int task, long used, long altered, boolean mayTell) {
    long bit = 1L << task;
    int i = d * tasks + task;
    if ((followed[d] & bit) == 0) {
      followed[d] |= bit;
      touched[i] = used;
      changed[i] = altered;
    } else {
      touched[i] |= used;
      changed[i] |= altered;
    }
    if (!mayTell) {
      tellsNothing(d, task);
    }
  }

  /// Not all steps of `task` from the state at depth `d` are known here, so none of them sleeps
  /// after others.
  void tellsNothing(int d, int task) {
    unfit[d] |= 1L << task;
  }

  private void grow() {
    int more = 2 * asleep.length;
    asleep = Arrays.copyOf(asleep, more);
    followed = Arrays.copyOf(followed, more);
    unfit = Arrays.copyOf(unfit, more);
    touched = Arrays.copyOf(touched, more * tasks);
    changed = Arrays.copyOf(changed, more * tasks);
  }
}
