package shootdown.check;

import java.util.function.BooleanSupplier;

/// Tells whether a cycle of states can be come to by recurrent steps (see [Recurrence]): a
/// depth-first search of its own, from where a step went round a loop. What it has found free of
/// cycles is not searched again.
final class CycleSearch {
  /// Longer paths than this are taken for cycles; the search for livelocks decides then.
  private static final int MAX_DEPTH = 2_000;

  private static final int MAX_KNOWN = 8_000_000;

  /// Steps that it still takes when nobody searches any more. A search that is kept goes on behind
  /// the step that is asked about and never asks again, so no answer would be a wrong one.
  private static final int LATE = 1_000_000;

  /// Steps that take about as long as to find out which of them cannot be part of a cycle.
  static final int REFINING = 20_000;

  private final LearnedCopy learned;
  private final Stepper stepper;
  private final BooleanSupplier isOver;
  private Recurrence recurrence;
  private final PathSet onPath = new PathSet();
  private VisitedSet free = new VisitedSet();
  private int depth;
  private final int refining;
  private long steps;
  private boolean isRefined;
  private int late;

  /// @param refining after so many steps it finds out more about which can be part of a cycle
  /// @param isOver whether the search is over, at a bound: then this one must end soon
  CycleSearch(LearnedCopy learned, Stepper stepper, int refining, BooleanSupplier isOver) {
    this.refining = refining;
    this.isOver = isOver;
    this.learned = learned;
    this.stepper = stepper;
    recurrence = learned.recurrence();
  }

  /// Whether there is a cycle at the stepper's state or beyond it; the stepper is left as it was.
  /// Where that would take too long, there may be one.
  ///
  /// @param task who came there by a step
  /// @param vertex where it stood before
  /// @param mark as before the step
  boolean isOnOne(int task, int vertex, int mark) {
    var now = learned.recurrence();
    if (now != recurrence || free.size() > MAX_KNOWN) {
      recurrence = now;
      free = new VisitedSet();
      steps = 0;
      isRefined = false;
    }
    if (!isRefined && steps >= refining) {
      isRefined = true;
      recurrence = learned.refined();
    }
    if (!isRecurrent(task, vertex, mark)) {
      return false;
    }
    depth = 0;
    return search();
  }

  private boolean isRecurrent(int task, int vertex, int mark) {
    return recurrence.comesBack(vertex, stepper.at[task])
        && stepper.mayComeBack(recurrence, mark);
  }

  private boolean search() {
    long state = stepper.fingerprint;
    if (onPath.contains(state) || depth > MAX_DEPTH || isTooLate()) {
      return true;
    }
    // Whatever was added and is not on the path has been searched.
    if (!free.add(state)) {
      return false;
    }
    onPath.push(state);
    depth++;
    int only = learned.only(stepper.at);
    boolean found = false;
    int end = only >= 0 ? only + 1 : stepper.at.length;
    for (int t = Math.max(0, only); t < end && !found; t++) {
      found = recurrence.comesBack(stepper.at[t]) && stepper.isEnabled(t) && follow(t);
    }
    depth--;
    onPath.pop();
    return found;
  }

  private boolean isTooLate() {
    return isOver.getAsBoolean() && ++late > LATE;
  }

  private boolean follow(int task) {
    int vertex = stepper.at[task];
    int mark = stepper.mark();
    long before = stepper.fingerprint;
    int choices = Math.max(1, stepper.choices(task));
    boolean found = false;
    for (int c = 0; c < choices && !found; c++) {
      steps++;
      boolean goesOn = stepper.step(task, c);
      found = goesOn && isRecurrent(task, vertex, mark) && search();
      stepper.undo(mark, task, vertex, before);
    }
    return found;
  }
}
