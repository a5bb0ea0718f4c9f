package shootdown.check;

import java.util.List;
import java.util.Optional;
import shootdown.sched.OpKind;
import shootdown.sched.Violation;

/// A run worth showing: the first one that the search met with some violation or outcome.
///
/// @param what the violation, or the outcome's text
/// @param run its operations
/// @param cycle operations that may follow for ever; empty except for a livelock
record Found(What what, List<Recorded> run, List<Recorded> cycle) {
  /// What a run shows.
  sealed interface What {
    /// A violation, reported by the last operation, or by the state after it.
    record Violated(Violation violation) implements What {}

    /// The end of a run.
    record Ended(String outcome) implements What {}
  }

  static Found violation(Violation violation, List<Recorded> run) {
    return new Found(new What.Violated(violation), List.copyOf(run), List.of());
  }

  static Found outcome(String outcome, List<Recorded> run) {
    return new Found(new What.Ended(outcome), List.copyOf(run), List.of());
  }

  /// Whether it may be the end of a run that shows it, and not an operation.
  boolean isEnd() {
    return cycle.isEmpty()
        && (run.isEmpty() || !run.getLast().op().kind().equals(OpKind.FAIL));
  }

  Schedule schedule() {
    return Recorded.schedule(run);
  }

  Optional<Violation> violation() {
    return what instanceof What.Violated(Violation v) ? Optional.of(v) : Optional.empty();
  }
}
