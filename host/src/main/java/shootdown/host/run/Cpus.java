package shootdown.host.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The CPUs that this process may use, as `/proc/self/status` lists them.
final class Cpus {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String KEY = "Cpus_allowed_list:";

  private Cpus() {}

  static List<Integer> allowed() throws HostFailure {
    try {
      for (var line : Files.readAllLines(STATUS)) {
        if (line.startsWith(KEY)) {
          return parse(line.substring(KEY.length()).strip());
        }
      }
    } catch (IOException e) {
      throw new HostFailure(STATUS + " cannot be read: is this Linux?", e);
    }
    throw new HostFailure(STATUS + " names no CPUs");
  }

  /// `0-3,8` are five CPUs.
  static List<Integer> parse(String list) {
    var cpus = new ArrayList<Integer>();
    for (var part : list.split(",")) {
      int dash = part.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      int last = Integer.parseInt(part.substring(dash + 1));
      for (int cpu = first; cpu <= last; cpu++) {
        cpus.add(cpu);
      }
    }
    return cpus;
  }
}
