package shootdown.check;

/// Is told a few times a second how far a search has come.
@FunctionalInterface
public interface Progress {
  /// @param states met so far
  /// @param statesPerSecond since the search began
  /// @param depth steps from the first state to where the search is
  void at(long states, double statesPerSecond, int depth);

  /// Does nothing.
  Progress NONE = (_, _, _) -> {};
}
