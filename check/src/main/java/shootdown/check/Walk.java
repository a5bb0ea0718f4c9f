package shootdown.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import shootdown.sched.Task;
import shootdown.sched.Violation;

/// One run at a time, without a way back. A run ends where nobody goes on; one that comes back to a
/// state by a fair cycle without progress need not be followed further, either: it is a livelock,
/// or only daemons go on (see [Livelocks] and [Restless]).
final class Walk {
  /// Looking for cycles takes no more than this for one run.
  private static final int MAX_LOOKS = 1 << 20;

  private final Learned learned;
  private final Findings findings;
  private final Trail trail;
  private final long normal;
  private final Map<Long, Integer> first = new HashMap<>();

  // of each state of the run, and of the step that leaves it
  private long[] enabled = new long[1024];
  private long[] busy = new long[1024];
  private long[] turns = new long[1024];
  private boolean[] progressed = new boolean[1024];
  private int looks;
  private boolean over;
  private boolean back;
  private int sinceBefore;

  Walk(Learned learned, Findings findings, Fingerprints fingerprints) {
    this.learned = learned;
    this.findings = findings;
    trail = new Trail(learned, findings, fingerprints);
    normal =
        learned.program.tasks().stream()
            .filter(t -> t.kind() == Task.Kind.NORMAL)
            .mapToLong(t -> 1L << t.id())
            .reduce(0, (x, y) -> x | y);
  }

  /// Begins a run.
  void begin() {
    first.clear();
    looks = 0;
    over = false;
    trail.begin();
    arrive();
  }

  /// Whether the run has come to its end.
  boolean isOver() {
    return over;
  }

  /// Whether the last step came back to a state of this run.
  boolean isBack() {
    return back;
  }

  /// How many steps ago it was there last, if [#isBack].
  int sinceBefore() {
    return sinceBefore;
  }

  /// Steps so far.
  int length() {
    return trail.size();
  }

  long fingerprint() {
    return trail.stepper.fingerprint;
  }

  Stepper state() {
    return trail.stepper;
  }

  /// Performs a step of an enabled task.
  void step(int task, int choice) {
    int from = trail.size();
    boolean goesOn = trail.step(task, choice);
    turns[from] = trail.turns;
    progressed[from] = trail.stepper.progressed;
    if (goesOn) {
      arrive();
    } else {
      over = true;
    }
  }

  /// The same bug, with the run that shows it.
  ProgramBug shown(ProgramBug bug) {
    return trail.shown(bug);
  }

  private void arrive() {
    int n = trail.size();
    if (n == enabled.length) {
      enabled = Arrays.copyOf(enabled, 2 * n);
      busy = Arrays.copyOf(busy, 2 * n);
      turns = Arrays.copyOf(turns, 2 * n);
      progressed = Arrays.copyOf(progressed, 2 * n);
    }
    enabled[n] = TaskSets.enabled(learned, trail.stepper);
    busy[n] = TaskSets.busy(learned, trail.stepper) & normal;
    Integer before = first.putIfAbsent(trail.stepper.fingerprint, n);
    back = before != null;
    sinceBefore = back ? n - before : 0;
    if (enabled[n] == 0) {
      trail.rested();
      over = true;
    } else if (back && looks < MAX_LOOKS) {
      cycle(before, n);
    }
  }

  /// Looks whether the run may stay for ever among its states from the one to the other, the same.
  private void cycle(int from, int to) {
    looks += to - from;
    long steppers = 0;
    long can = 0;
    long victims = 0;
    for (int i = from; i < to; i++) {
      if (progressed[i]) {
        return;
      }
      steppers |= 1L << trail.task(i);
      can |= enabled[i] | turns[i];
      victims |= busy[i];
    }
    if ((can & ~steppers) != 0) {
      return;
    }
    if (victims != 0) {
      over = true;
      livelock(from, to, steppers, victims);
    } else if (Restless.allBeginATurn(learned, trail.stepper)) {
      over = true;
      trail.ended();
    }
  }

  private void livelock(int from, int to, long steppers, long victims) {
    var violation =
        new Violation(
            Violation.LIVELOCK, LivelockSearch.message(learned.program, steppers, victims));
    findings.livelock(
        violation,
        () -> {
          var lasso = Expansion.lasso(learned, trail, to - from);
          return new Found(
              new Found.What.Violated(violation), lasso.get(0), lasso.get(1));
        });
  }
}
