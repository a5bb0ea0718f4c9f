package shootdown.model.odds;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import shootdown.check.Tally;
import shootdown.check.Window;

/// How to estimate.
///
/// @param windows places to stay at; none to look for the best one
/// @param windowNanos how long, at places that are looked for
/// @param pauseNanos threads do something else for up to so long before each statement
/// @param rounds how many; empty for as many as it takes
/// @param seed the same seed and rounds, the same result
/// @param patience begins to wait each time it is asked; tells then whether there is time for more
public record OddsRequest(
    List<Window> windows,
    double windowNanos,
    double pauseNanos,
    OptionalLong rounds,
    long seed,
    Supplier<Predicate<Tally>> patience) {}
