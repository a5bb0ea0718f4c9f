package shootdown.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import shootdown.check.Search;
import shootdown.sched.Mutation;

/// What a user asks to check a test with.
///
/// @param kernels specs; empty for those that the test's `Result:` lines name, else `latest`
/// @param machines names of profiles; empty for those that the test names, else `x86-64`
/// @param maxStates bound on states, [Long#MAX_VALUE] for none
/// @param time bound on wall-clock time for each run, empty for none
/// @param schedule replay this one interleaving instead of exploring
/// @param progress is told how far it is
/// @param mutation what of the kernel is left out; writes down what could be
/// @param search which interleavings to look at
/// @param seed of all that is random in a search
/// @param memory bytes that a search may take, [Long#MAX_VALUE] for no bound
/// @param workers how many threads search each run, at least 1
/// @param own what of this is the user's own
public record CheckRequest(
    List<String> kernels,
    List<String> machines,
    long maxStates,
    Optional<Duration> time,
    Optional<String> schedule,
    Progress progress,
    Mutation mutation,
    Search search,
    long seed,
    long memory,
    int workers,
    Own own) {
  public static final CheckRequest DEFAULT =
      new CheckRequest(
          List.of(),
          List.of(),
          Long.MAX_VALUE,
          Optional.empty(),
          Optional.empty(),
          Progress.NONE,
          Mutation.NONE,
          new Search.Exhaustive(),
          0,
          Long.MAX_VALUE,
          1,
          Own.NOTHING);

  /// A request that leaves nothing of the kernel out.
  public CheckRequest(
      List<String> kernels,
      List<String> machines,
      long maxStates,
      Optional<Duration> time,
      Optional<String> schedule,
      Progress progress) {
    this(
        kernels,
        machines,
        maxStates,
        time,
        schedule,
        progress,
        Mutation.NONE,
        new Search.Exhaustive(),
        0,
        Long.MAX_VALUE,
        1,
        Own.NOTHING);
  }

  public CheckRequest withKernels(List<String> specs) {
    return new CheckRequest(
        specs, machines, maxStates, time, schedule, progress, mutation, search, seed,
        memory, workers, own);
  }

  public CheckRequest withMachines(List<String> names) {
    return new CheckRequest(
        kernels, names, maxStates, time, schedule, progress, mutation, search, seed,
        memory, workers, own);
  }

  public CheckRequest withMaxStates(long states) {
    return new CheckRequest(
        kernels, machines, states, time, schedule, progress, mutation, search, seed,
        memory, workers, own);
  }

  public CheckRequest withTime(Duration limit) {
    return new CheckRequest(
        kernels, machines, maxStates, Optional.of(limit), schedule, progress, mutation, search,
        seed, memory, workers, own);
  }

  public CheckRequest withSchedule(String text) {
    return new CheckRequest(
        kernels, machines, maxStates, time, Optional.of(text), progress, mutation, search,
        seed, memory, workers, own);
  }

  public CheckRequest withProgress(Progress listener) {
    return new CheckRequest(
        kernels, machines, maxStates, time, schedule, listener, mutation, search, seed,
        memory, workers, own);
  }

  public CheckRequest withMutation(Mutation other) {
    return new CheckRequest(
        kernels, machines, maxStates, time, schedule, progress, other, search, seed,
        memory, workers, own);
  }

  public CheckRequest withSearch(Search other, long otherSeed) {
    return new CheckRequest(
        kernels, machines, maxStates, time, schedule, progress, mutation, other, otherSeed,
        memory, workers, own);
  }

  public CheckRequest withMemory(long bytes) {
    return new CheckRequest(
        kernels, machines, maxStates, time, schedule, progress, mutation, search, seed, bytes,
        workers, own);
  }

  public CheckRequest withWorkers(int count) {
    return new CheckRequest(
        kernels, machines, maxStates, time, schedule, progress, mutation, search, seed, memory,
        count, own);
  }

  public CheckRequest withOwn(Own other) {
    return new CheckRequest(
        kernels, machines, maxStates, time, schedule, progress, mutation, search, seed, memory,
        workers, other);
  }
}
