package shootdown.check;

import java.util.Arrays;
import java.util.Optional;
import shootdown.check.Branches.Branch;

/// The states on a worker's path: one frame each, with the step that leaves it (who, from where)
/// and those that are left.
final class Frames {
  private long[] fingerprint = new long[1024];
  int[] mark = new int[1024];
  private int[] mover = new int[1024];
  int[] moverAt = new int[1024];
  private int[] choice = new int[1024];
  int[] nextTask = new int[1024];
  int[] nextChoice = new int[1024];
  int[] only = new int[1024];
  boolean[] moved = new boolean[1024];
  int depth = -1;
  private final int tasks;

  /// All before this frame have nothing left to hand on.
  private int exhausted;

  Frames(int tasks) {
    this.tasks = tasks;
  }

  /// A state is on top now.
  void enter(long newFingerprint, int onlyTask) {
    depth++;
    if (depth == fingerprint.length) {
      grow();
    }
    exhausted = Math.min(exhausted, depth);
    fingerprint[depth] = newFingerprint;
    only[depth] = onlyTask;
    nextTask[depth] = Math.max(0, onlyTask);
    nextChoice[depth] = 0;
    moved[depth] = false;
  }

  /// A task steps from the state on top.
  void left(Stepper stepper, int task, int chosen) {
    mark[depth] = stepper.mark();
    mover[depth] = task;
    moverAt[depth] = stepper.at[task];
    choice[depth] = chosen;
  }

  /// Takes back the step that left the state on top.
  void back(Stepper stepper) {
    stepper.undo(mark[depth], mover[depth], moverAt[depth], fingerprint[depth]);
  }

  /// Gives away what is left of the first state below the one on top that has something left.
  Optional<Branch> handOn() {
    int i = exhausted;
    while (i < depth && !hasMore(i)) {
      i++;
    }
    exhausted = i;
    if (i >= depth) {
      return Optional.empty();
    }
    var branch =
        new Branch(
            Arrays.copyOf(mover, i),
            Arrays.copyOf(choice, i),
            new int[] {nextTask[i]},
            new int[] {nextChoice[i]},
            new boolean[] {true});
    nextTask[i] = tasks;
    nextChoice[i] = 0;
    return Optional.of(branch);
  }

  /// All that is left of the states from `base` to the one on top.
  Branch left(int base) {
    int end = depth + 1;
    return new Branch(
        Arrays.copyOf(mover, depth),
        Arrays.copyOf(choice, depth),
        Arrays.copyOfRange(nextTask, base, end),
        Arrays.copyOfRange(nextChoice, base, end),
        Arrays.copyOfRange(moved, base, end));
  }

  private boolean hasMore(int i) {
    return only[i] >= 0 ? nextTask[i] == only[i] : nextTask[i] < tasks;
  }

  /// The first `length` steps.
  Expansion.Steps path(int length) {
    return new Expansion.Steps() {
      @Override
      public int size() {
        return length;
      }

      @Override
      public int task(int i) {
        return mover[i];
      }

      @Override
      public int choice(int i) {
        return choice[i];
      }
    };
  }

  private void grow() {
    int more = 2 * depth;
    fingerprint = Arrays.copyOf(fingerprint, more);
    mark = Arrays.copyOf(mark, more);
    mover = Arrays.copyOf(mover, more);
    moverAt = Arrays.copyOf(moverAt, more);
    choice = Arrays.copyOf(choice, more);
    nextTask = Arrays.copyOf(nextTask, more);
    nextChoice = Arrays.copyOf(nextChoice, more);
    only = Arrays.copyOf(only, more);
    moved = Arrays.copyOf(moved, more);
  }
}
