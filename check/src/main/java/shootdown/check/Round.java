package shootdown.check;

import java.util.Optional;
import java.util.Set;
import shootdown.sched.Violation;

/// What one run in simulated time showed.
///
/// @param outcome how it ended; empty if it failed, was cut short or goes on for ever
/// @param violations what went wrong
/// @param cutShort whether it was given up since it took too many steps
/// @param passed whether it came by a [Window]
/// @param nanos how long it took, in simulated time
/// @param ran how much of that its tasks ran and did not sleep or wait, all together
/// @param weight how much more likely it is in fact than it was made
public record Round(
    Optional<String> outcome,
    Set<Violation> violations,
    boolean cutShort,
    boolean passed,
    double nanos,
    double ran,
    double weight) {}
