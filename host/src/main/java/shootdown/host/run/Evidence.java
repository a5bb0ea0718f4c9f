package shootdown.host.run;

import java.util.List;
import java.util.Optional;

/// What a run knows of things that no outcome shows.
///
/// @param work of the kernel that the test's kthreads asked for, in the order of its functions;
///     empty where nothing is known
/// @param eviction of pages from the page cache; empty where nobody looks at that
/// @param readBytes bytes that were read from a disk; empty where nobody counts them
public record Evidence(
    List<Work> work, Optional<Eviction> eviction, Optional<Long> readBytes) {
  /// Work of one kind.
  ///
  /// @param function `migrate`, say
  /// @param done how often it was done
  /// @param what that is
  /// @param source who says so
  public record Work(String function, long done, String what, String source) {}

  /// Of pages from the page cache.
  ///
  /// @param trials how often a clean page was dropped just to see whether it goes
  /// @param dropped how often it was gone
  /// @param missed how often the test itself read what was gone
  public record Eviction(long trials, long dropped, long missed) {}

  public Evidence {
    work = List.copyOf(work);
  }

  /// Only what a disk has read is known.
  public static Evidence ofDisk(Optional<Long> readBytes) {
    return new Evidence(List.of(), Optional.empty(), readBytes);
  }
}
