package shootdown.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
public record CheckRequest(
    List<String> kernels,
    List<String> machines,
    long maxStates,
    Optional<Duration> time,
    Optional<String> schedule,
    Progress progress,
    Mutation mutation) {
  public static final CheckRequest DEFAULT =
      new CheckRequest(
          List.of(),
          List.of(),
          Long.MAX_VALUE,
          Optional.empty(),
          Optional.empty(),
          Progress.NONE,
          Mutation.NONE);

  /// A request that leaves nothing of the kernel out.
  public CheckRequest(
      List<String> kernels,
      List<String> machines,
      long maxStates,
      Optional<Duration> time,
      Optional<String> schedule,
      Progress progress) {
    this(kernels, machines, maxStates, time, schedule, progress, Mutation.NONE);
  }

  public CheckRequest withKernels(List<String> specs) {
    return new CheckRequest(
        specs, machines, maxStates, time, schedule, progress, mutation);
  }

  public CheckRequest withMachines(List<String> names) {
    return new CheckRequest(
        kernels, names, maxStates, time, schedule, progress, mutation);
  }

  public CheckRequest withMaxStates(long states) {
    return new CheckRequest(
        kernels, machines, states, time, schedule, progress, mutation);
  }

  public CheckRequest withTime(Duration limit) {
    return new CheckRequest(
        kernels, machines, maxStates, Optional.of(limit), schedule, progress, mutation);
  }

  public CheckRequest withSchedule(String text) {
    return new CheckRequest(
        kernels, machines, maxStates, time, Optional.of(text), progress, mutation);
  }

  public CheckRequest withProgress(Progress listener) {
    return new CheckRequest(
        kernels, machines, maxStates, time, schedule, listener, mutation);
  }

  public CheckRequest withMutation(Mutation other) {
    return new CheckRequest(
        kernels, machines, maxStates, time, schedule, progress, other);
  }
}
