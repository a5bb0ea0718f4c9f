package shootdown.check;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shootdown.sched.Op;
import shootdown.sched.OpKind;

/// An operation as the search saw it happen.
///
/// @param task who performed it
/// @param op what it was
/// @param before value of its word before it; 0 if it touches none
/// @param after value of its word after it
/// @param result what the task was told
record Recorded(int task, Op op, long before, long after, long result) {
  Schedule.Decision decision() {
    boolean chooses = op.kind() == OpKind.CHOOSE;
    return new Schedule.Decision(task, chooses ? (int) result : Schedule.Decision.NO_CHOICE);
  }

  static Schedule schedule(List<Recorded> run) {
    return run.stream()
        .map(Recorded::decision)
        .collect(Collectors.collectingAndThen(Collectors.toList(), Schedule::new));
  }

  static List<Recorded> concat(List<Recorded> first, List<Recorded> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
