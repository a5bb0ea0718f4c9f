package shootdown.check;

import java.util.Optional;
import shootdown.sched.Violation;

/// A run worth showing: with a violation, or to an outcome.
public final class Finding {
  private final Found found;
  private final Counterexamples counterexamples;

  Finding(Found found, Counterexamples counterexamples) {
    this.found = found;
    this.counterexamples = counterexamples;
  }

  /// What the run does wrong; empty for an outcome.
  public Optional<Violation> violation() {
    return found.violation();
  }

  /// The run as the search met it: long. See [#counterexample].
  public Schedule schedule() {
    return found.schedule();
  }

  /// The best run that shows it: the fewest switches between tasks, then the fewest operations. The
  /// second runner executes it first. Takes a second search the first time that it is called for
  /// one of a result's findings.
  ///
  /// @throws CheckerBug if the second runner does something else than the search
  public Counterexample counterexample() {
    return counterexamples.of(found);
  }

  @Override
  public String toString() {
    return found.what().toString();
  }
}
