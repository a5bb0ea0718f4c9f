package shootdown.check;

import java.util.OptionalInt;

/// What walks of a sampling search came by.
final class Walked {
  /// The states, of all walks.
  final DistinctStates distinct = new DistinctStates();

  private final Search search;
  private final long seed;
  private long runs;
  private long ended;
  private long longest;

  /// @param search what asks for the walks
  /// @param seed of what is random in them
  Walked(Search search, long seed) {
    this.search = search;
    this.seed = seed;
  }

  /// Number of walks.
  long runs() {
    return runs;
  }

  /// One more, which is where it stays.
  void add(Walk walk) {
    runs++;
    ended += walk.isOver() ? 1 : 0;
    longest = Math.max(longest, walk.length());
  }

  Coverage coverage() {
    return new Coverage(
        search,
        runs,
        ended,
        distinct.count(),
        distinct.isExact(),
        longest,
        OptionalInt.empty(),
        seed);
  }
}
