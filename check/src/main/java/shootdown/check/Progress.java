package shootdown.check;

import java.time.Duration;

/// Is told how far a search has come.
@FunctionalInterface
public interface Progress {
  /// @param states met so far
  /// @param statesPerSecond since the search began
  /// @param depth steps from the first state to where the search is
  /// @param done how much of the search is done: 0 to 1, an estimate that may be far off; 0 where
  ///     there is none
  void at(long states, double statesPerSecond, int depth, double done);

  /// How much time has to go by between two reports, at least: a quarter of a second, unless this
  /// is overridden. A search looks at the clock every 256 steps, and reports no more often.
  default Duration every() {
    return Duration.ofMillis(250);
  }

  /// Does nothing.
  Progress NONE = (_, _, _, _) -> {};
}
