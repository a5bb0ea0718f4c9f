package shootdown.host.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What to run a test for.
///
/// @param rounds rounds after which to end, [Long#MAX_VALUE] for no bound
/// @param time time after which to end
/// @param cpus CPUs of this machine that CPUs 0, 1, … of a test stand for, in turn; empty for all
///     that this process may use
/// @param folder where the test's files are made; empty for a folder of the system's for temporary
///     files
/// @param seed of the random starts
public record HostRequest(
    long rounds, Duration time, List<Integer> cpus, Optional<Path> folder, long seed) {
  public static final HostRequest DEFAULT =
      new HostRequest(Long.MAX_VALUE, Duration.ofSeconds(1), List.of(), Optional.empty(), 0);

  public HostRequest {
    cpus = List.copyOf(cpus);
  }
}
