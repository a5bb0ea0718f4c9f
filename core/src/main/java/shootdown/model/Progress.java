package shootdown.model;

/// Is told how far a check is, a few times a second at most.
@FunctionalInterface
public interface Progress {
  /// @param states visited so far
  /// @param statesPerSecond on average
  /// @param depth of the search
  /// @param done how much of the search is done: 0 to 1, an estimate that may be far off; 0 where
  ///     there is none
  void at(long states, double statesPerSecond, int depth, double done);

  Progress NONE = (_, _, _, _) -> {};
}
