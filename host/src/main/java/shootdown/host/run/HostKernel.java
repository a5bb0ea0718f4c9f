package shootdown.host.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// The Linux of this machine.
public final class HostKernel {
  private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");
  private static final Pattern NUMBERS = Pattern.compile("(\\d+\\.\\d+).*");

  private HostKernel() {}

  /// As it names itself: `6.18.44-cloud`.
  public static String version() {
    try {
      return Files.readString(RELEASE).strip();
    } catch (IOException e) {
      return "of unknown version";
    }
  }

  /// The mainline release that it is of, `v6.18`; empty if that cannot be told.
  public static Optional<String> mainline() {
    return mainline(version());
  }

  static Optional<String> mainline(String version) {
    var match = NUMBERS.matcher(version);
    return match.matches() ? Optional.of("v" + match.group(1)) : Optional.empty();
  }
}
