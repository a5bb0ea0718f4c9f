package shootdown.check;

import java.time.Duration;
import java.util.Optional;

/// How to check.
///
/// @param reductions which interleavings may be left out
/// @param bounds when to give up
/// @param seed of the fingerprints, and of what is random in a search
/// @param progress is told how far the search is
/// @param merging whether vertices of tasks with equal futures are one; of an exhaustive search
/// @param search which runs to look at
/// @param workers how many threads search; one does where vertices are merged, where memory is
///     bounded and in searches that are not exhaustive
/// @param checkpoint where to keep the search, and to go on from
/// @param looksForStatics whether the tasks' byte code is looked through for static fields that
///     they share: milliseconds for a small program, half a second for one of a thousand classes
public record Options(
    Reductions reductions,
    Bounds bounds,
    long seed,
    Progress progress,
    Merging merging,
    Search search,
    Workers workers,
    Optional<Checkpoint> checkpoint,
    boolean looksForStatics) {
  public static final Options DEFAULT =
      new Options(
          Reductions.ALL,
          Bounds.NONE,
          0,
          Progress.NONE,
          Merging.OFF,
          new Search.Exhaustive(),
          Workers.ONE,
          Optional.empty(),
          true);

  /// When to give up; what is found until then counts, and the result says that it is incomplete.
  ///
  /// @param states more than this are not visited
  /// @param time wall-clock time of all passes together; the search itself gets seven eighths of
  ///     it, the rest goes into livelocks and shortest counterexamples of what was found by then
  /// @param graphStates a state graph larger than this is not kept, as livelocks with cycles and
  ///     shortest counterexamples need; 0 if none is wanted: a search without these is complete
  ///     then, and says nothing about runs that go on for ever
  /// @param memory bytes that tables of states may take, about; when they are full, an exhaustive
  ///     search goes on with a table that may confuse states, and says so
  public record Bounds(long states, Optional<Duration> time, int graphStates, long memory) {
    /// What a state of a graph takes with its steps, about.
    private static final int GRAPH_STATE_BYTES = 256;

    /// How [CheckResult#incomplete] begins where the bound on states or time was reached.
    public static final String REACHED = "more than ";

    /// The same where the searching thread was interrupted.
    public static final String INTERRUPTED = "interrupted";

    /// How it begins where the JVM had no more memory.
    public static final String MEMORY = "memory is full ";

    public static final Bounds NONE =
        new Bounds(Long.MAX_VALUE, Optional.empty(), 4_000_000, Long.MAX_VALUE);
  }

  /// Whether vertices with equal futures are one: fewer states, for a search more.
  public enum Merging {
    OFF,
    /// searches once, merges what is bisimilar by what was learned, and searches again
    BISIMILAR
  }

  public Options {
    boolean keeps = search instanceof Search.Exhaustive && merging == Merging.OFF;
    if (checkpoint.isPresent() && !keeps) {
      throw new IllegalArgumentException(
          "a checkpoint keeps an exhaustive search that merges nothing, and this one is "
              + search.label() + ", merging " + merging);
    }
  }

  public Options withReductions(Reductions other) {
    return new Options(
        other, bounds, seed, progress, merging, search, workers, checkpoint,
        looksForStatics);
  }

  public Options withMaxStates(long states) {
    return withBounds(new Bounds(states, bounds.time, bounds.graphStates, bounds.memory));
  }

  public Options withTimeLimit(Duration limit) {
    return withBounds(
        new Bounds(bounds.states, Optional.of(limit), bounds.graphStates, bounds.memory));
  }

  public Options withGraphStates(int states) {
    return withBounds(new Bounds(bounds.states, bounds.time, states, bounds.memory));
  }

  public Options withMemory(long bytes) {
    long fitting = Math.max(1, bytes / Bounds.GRAPH_STATE_BYTES); // 0 would ask for no graph
    int graph = (int) Math.min(bounds.graphStates, fitting);
    return withBounds(new Bounds(bounds.states, bounds.time, graph, bytes));
  }

  public Options withBounds(Bounds other) {
    return new Options(
        reductions, other, seed, progress, merging, search, workers, checkpoint,
        looksForStatics);
  }

  public Options withSeed(long other) {
    return new Options(
        reductions, bounds, other, progress, merging, search, workers, checkpoint,
        looksForStatics);
  }

  public Options withProgress(Progress other) {
    return new Options(
        reductions, bounds, seed, other, merging, search, workers, checkpoint,
        looksForStatics);
  }

  public Options withMerging(Merging other) {
    return new Options(
        reductions, bounds, seed, progress, other, search, workers, checkpoint,
        looksForStatics);
  }

  public Options withSearch(Search other) {
    return new Options(
        reductions, bounds, seed, progress, merging, other, workers, checkpoint,
        looksForStatics);
  }

  /// So many threads search where that is worthwhile. What is found does not depend on it.
  public Options withWorkers(int count) {
    return withWorkers(Workers.of(count));
  }

  public Options withWorkers(Workers other) {
    return new Options(
        reductions, bounds, seed, progress, merging, search, other, checkpoint,
        looksForStatics);
  }

  /// Keeps the search in a file, and goes on from there if the file is there. Only an exhaustive
  /// search that merges nothing can be kept.
  public Options withCheckpoint(Checkpoint where) {
    return new Options(
        reductions, bounds, seed, progress, merging, search, workers, Optional.of(where),
        looksForStatics);
  }

  /// The same, kept nowhere.
  Options withoutCheckpoint() {
    return new Options(
        reductions, bounds, seed, progress, merging, search, workers, Optional.empty(),
        looksForStatics);
  }

  /// The same for who has looked for static fields before ([SharedStatics#of]), or knows of those
  /// that there are that they make no difference: a cache, for instance.
  public Options withoutLookingForStatics() {
    return new Options(
        reductions, bounds, seed, progress, merging, search, workers, checkpoint,
        false);
  }

  /// Whether several threads search, if there is enough to search.
  boolean isParallel() {
    return workers.count() > 1
        && merging == Merging.OFF
        && bounds.memory == Long.MAX_VALUE
        && bounds.states() > workers.from();
  }
}
