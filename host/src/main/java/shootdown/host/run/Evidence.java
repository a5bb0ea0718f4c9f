package shootdown.host.run;

import java.util.List;
import java.util.Optional;

/// What a run knows of things that no outcome shows.
///
/// @param work of the kernel that the test's kthreads asked for, in the order of its functions;
///     empty where nothing is known
/// @param readBytes bytes that were read from a disk; empty if the system does not tell
public record Evidence(List<Work> work, Optional<Long> readBytes) {
  /// Work of one kind.
  ///
  /// @param function `migrate`, say
  /// @param done how often it was done
  /// @param what that is
  /// @param source who says so
  public record Work(String function, long done, String what, String source) {}

  public Evidence {
    work = List.copyOf(work);
  }

  /// Only what a disk has read is known.
  public static Evidence ofDisk(Optional<Long> readBytes) {
    return new Evidence(List.of(), readBytes);
  }
}
