package shootdown.host.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// What is said of a guest, behind what is said of each run.
public final class GuestReport {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MICROS_PER_MILLI = 1e3;

  private GuestReport() {}

  /// The kernel: `Linux 6.1.176, a guest with 3 CPUs, emulated by QEMU 7.2.22`.
  public static String kernel(GuestResult result, GuestRequest request, String qemu) {
    return "Linux %s, a guest with %d CPUs, %s QEMU %s"
        .formatted(
            result.kernel(),
            request.machine().cpus(),
            switch (result.accelerator()) {
              case TCG -> "emulated by";
              case KVM -> "KVM under";
            },
            qemu);
  }

  /// Lines about the command line and the time spent in windows.
  ///
  /// @param windows names of the image's windows
  public static List<String> lines(
      GuestResult result, GuestRequest request, List<String> windows) {
    var lines = new ArrayList<String>();
    lines.add("Guest=" + (request.append().isBlank() ? "no parameters" : request.append()));
    for (var window : windows) {
      lines.add("Window " + window + ": " + window(result, window));
    }
    result.complaint().ifPresent(line -> lines.add("Console=" + line));
    result.starts().ifPresent(starts -> lines.add("Starts=" + starts));
    if (result.roundNanos() > 0) {
      lines.add(
          String.format(
              Locale.ROOT, "The thread of a round that takes longest takes %.2f ms (median)",
              result.roundNanos() / NANOS_PER_MILLI));
    }
    return lines;
  }

  /// How often a window was gone through: `200 times, 12.31 ms each`.
  public static String window(GuestResult result, String window) {
    var times = result.growth(GuestFix.timesOf(window));
    if (times.isEmpty()) {
      return "not known";
    }
    return times.getAsLong() == 0
        ? "never entered"
        : String.format(
            Locale.ROOT, "%,d times, %.2f ms each", times.getAsLong(),
            windowMillis(result, window).orElse(0));
  }

  /// Milliseconds that were spent in a window each time.
  public static OptionalDouble windowMillis(GuestResult result, String window) {
    var times = result.growth(GuestFix.timesOf(window));
    var micros = result.growth(GuestFix.microsOf(window));
    return times.isEmpty() || micros.isEmpty() || times.getAsLong() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(micros.getAsLong() / MICROS_PER_MILLI / times.getAsLong());
  }
}
