package shootdown.model;

/// Is told how far a check is, a few times a second at most.
@FunctionalInterface
public interface Progress {
  /// @param states visited so far
  /// @param statesPerSecond on average
  /// @param depth of the search
  void at(long states, double statesPerSecond, int depth);

  Progress NONE = (_, _, _) -> {};
}
