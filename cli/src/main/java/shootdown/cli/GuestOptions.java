package shootdown.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;
import shootdown.host.guest.GuestFix;
import shootdown.host.guest.GuestRequest;
import shootdown.host.guest.GuestRequest.Accelerator;
import shootdown.host.guest.GuestRequest.Bound;
import shootdown.host.guest.GuestRequest.Machine;
import shootdown.host.guest.GuestRequest.Starts;
import shootdown.host.run.HostFailure;

/// Options about the virtual machine that a kernel image is run in.
final class GuestOptions {
  /// Where `guest/build` puts its image, below the user's folder for caches.
  private static final Path BUILT = Path.of("shootdown", "guest", "bzImage");

  /// How long a test runs in a guest if nothing is said.
  static final Duration TIME = Duration.ofSeconds(10);

  private static final int MOST_CPUS = 16;

  @Option(
      names = "--smp",
      paramLabel = "N",
      description = "CPUs of the guest; default: 3")
  private int cpus = Machine.DEFAULT.cpus();

  @Option(
      names = "--append",
      paramLabel = "TEXT",
      description = "put on the command line of the guest's kernel")
  private String append = "";

  @Option(
      names = "--accel",
      paramLabel = "tcg|kvm",
      description = "how QEMU runs the guest: tcg emulates (default); kvm is tried, and emulated"
          + " if no kernel boots so")
  private Accelerator accelerator = Machine.DEFAULT.accelerator();

  /// Where an image is looked for that nobody names.
  static Path built() {
    var caches = System.getenv("XDG_CACHE_HOME");
    return (caches == null || caches.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(caches))
        .resolve(BUILT);
  }

  /// What an image is run for; the counters of all its windows are read.
  GuestRequest request(Path image, Bound bound, Starts starts) throws BadInput, HostFailure {
    if (cpus < 1 || cpus > MOST_CPUS) {
      throw new BadInput("shootdown: --smp is a number from 1 to " + MOST_CPUS);
    }
    List<String> counters = GuestFix.counters(GuestFix.of(image));
    return new GuestRequest(
        image, new Machine(cpus, accelerator), append.strip(), counters, bound, starts);
  }
}
