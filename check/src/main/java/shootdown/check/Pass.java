package shootdown.check;

import java.util.Optional;

/// A search of all states: by one thread or by several.
interface Pass {
  /// Searches all; tells why it gave up, if it did.
  Optional<String> search();

  /// Number of states met.
  long states();

  /// Number of steps followed.
  long transitions();

  /// Whether some run may come back to a state that it was in.
  boolean isCyclic();

  /// How often the search began again because something was wrong that it took for granted.
  int restarts();

  /// CPU time of other threads than the one that called [#search].
  default long workersCpuNanos() {
    return 0;
  }
}
