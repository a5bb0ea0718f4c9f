package shootdown.check;

/// Is told a few times a second how far a search has come.
@FunctionalInterface
public interface Progress {
  /// @param states met so far
  /// @param statesPerSecond since the search began
  /// @param depth steps from the first state to where the search is
  /// @param done how much of the search is done: 0 to 1, an estimate that may be far off; 0 where
  ///     there is none
  void at(long states, double statesPerSecond, int depth, double done);

  /// Does nothing.
  Progress NONE = (_, _, _, _) -> {};
}
