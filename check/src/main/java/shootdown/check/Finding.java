package shootdown.check;

import java.util.Optional;
import shootdown.sched.Violation;

/// A run worth showing: with a violation, or to an outcome.
public final class Finding {
  private final Found found;

  Finding(Found found) {
    this.found = found;
  }

  /// What the run does wrong; empty for an outcome.
  public Optional<Violation> violation() {
    return found.violation();
  }

  /// The run as the search met it: long. See [#counterexample].
  public Schedule schedule() {
    return found.schedule();
  }

  @Override
  public String toString() {
    return found.what().toString();
  }
}
