package shootdown.model.odds;

import java.util.List;
import java.util.Optional;
import shootdown.check.Interval;
import shootdown.check.Tally;
import shootdown.check.Window;
import shootdown.model.TestResult;

/// How rare what a test shows is.
///
/// @param explored what can happen at all
/// @param request what was asked for
/// @param bare rounds without a window; empty if it can never happen
/// @param rare what rare preemptions make of it, where rounds alone show nothing
/// @param tried places that were tried, the best first; empty if the windows were given
/// @param windows the windows that were given, or the best one
/// @param widened rounds with those; empty if there are none
/// @param limited whether a round met a limit of the model
public record Odds(
    TestResult explored,
    OddsRequest request,
    Optional<Tally> bare,
    Optional<Rare> rare,
    List<Tried> tried,
    List<Window> windows,
    Optional<Tally> widened,
    boolean limited) {

  /// Rounds with preemptions that are more frequent than they are, weighed accordingly.
  ///
  /// @param boost how many times more frequent
  /// @param rounds how many
  /// @param hits how many of them
  /// @param probability of a hit in fact
  public record Rare(double boost, long rounds, long hits, Interval probability) {}

  /// A window that was tried.
  public record Tried(Window window, Tally tally) {}
}
