package shootdown.host.guest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// What to run a test in a guest for.
///
/// @param image the kernel
/// @param machine the virtual machine
/// @param append what is put on the kernel's command line
/// @param files files of the guest to read before the first round and after the last one
/// @param bound when to end
/// @param seed of the random starts
public record GuestRequest(
    Path image, Machine machine, String append, List<String> files, Bound bound, long seed) {
  public GuestRequest {
    files = List.copyOf(files);
  }

  /// A virtual machine.
  ///
  /// @param cpus how many it has
  /// @param accelerator how QEMU runs its code
  public record Machine(int cpus, Accelerator accelerator) {
    public static final Machine DEFAULT = new Machine(3, Accelerator.TCG);
  }

  /// How QEMU runs a guest's code.
  public enum Accelerator {
    /// It translates it: works everywhere.
    TCG,
    /// The processor does: only where a kernel boots so, which is tried.
    KVM
  }

  /// When to end: what comes first.
  ///
  /// @param enough whether what has been seen is enough
  public record Bound(long rounds, Duration time, Predicate<Seen> enough) {
    /// Until then, whatever is seen.
    public Bound(long rounds, Duration time) {
      this(rounds, time, _ -> false);
    }
  }

  /// What has been seen.
  ///
  /// @param outcomes how often each was
  /// @param globals what the names of the initial state stand for
  public record Seen(Map<String, Long> outcomes, Map<String, Long> globals) {}

  public GuestRequest withAppend(String other) {
    return new GuestRequest(image, machine, other, files, bound, seed);
  }
}
