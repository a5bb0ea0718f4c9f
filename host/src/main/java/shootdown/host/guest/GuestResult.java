package shootdown.host.guest;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import shootdown.host.guest.GuestRequest.Accelerator;
import shootdown.host.run.HostResult;
import shootdown.host.steer.Steering.Learned;

/// What running a test in a guest gave.
///
/// @param run as on this machine
/// @param kernel release of the guest's kernel
/// @param accelerator how its code was run
/// @param before the files asked for, before the first round, by path; empty text for one that
///     cannot be read
/// @param after the same after the last round; without those of a guest that did not come so far
/// @param learned how to begin rounds
/// @param starts how most rounds began at last, for a reader; empty if in no particular way
/// @param roundNanos how long the thread of a round that takes longest takes, about the median
/// @param complaint of the kernel about a bug of its own, from its console
public record GuestResult(
    HostResult run,
    String kernel,
    Accelerator accelerator,
    Map<String, String> before,
    Map<String, String> after,
    Learned learned,
    Optional<String> starts,
    double roundNanos,
    Optional<String> complaint) {
  public GuestResult {
    before = Map.copyOf(before);
    after = Map.copyOf(after);
  }

  GuestResult withRun(HostResult other) {
    return new GuestResult(
        other, kernel, accelerator, before, after, learned, starts, roundNanos, complaint);
  }

  /// By how much the number in a file grew.
  public OptionalLong growth(String path) {
    return growth(path, 0);
  }

  /// By how much the `field`-th number of a file grew, from 0 on; empty if it is not known.
  public OptionalLong growth(String path, int field) {
    var from = number(before.getOrDefault(path, ""), field);
    var to = number(after.getOrDefault(path, ""), field);
    return from.isPresent() && to.isPresent()
        ? OptionalLong.of(to.getAsLong() - from.getAsLong())
        : OptionalLong.empty();
  }

  private static OptionalLong number(String text, int field) {
    String[] fields = text.strip().split("\\s+");
    return field < fields.length && fields[field].matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(fields[field]))
        : OptionalLong.empty();
  }
}
