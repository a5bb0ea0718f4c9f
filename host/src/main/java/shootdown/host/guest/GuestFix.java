package shootdown.host.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shootdown.host.run.HostFailure;

/// A fix that an image can take out again, by its kernel's command line. The list comes with the
/// image: it is the file `fixes` beside it.
///
/// @param commit of the fix, in 12 digits
/// @param without the command line for the code before it
/// @param with the command line for the code as the fix made it; empty if that is today's
/// @param both what is on the command line in either case: a window held open, a property of the
///     machine; may be empty
/// @param window name of the window's counters; empty if there are none
/// @param machine which of the model's machines the guest is like then
public record GuestFix(
    String commit, String without, String with, String both, Optional<String> window,
    String machine) {
  private static final String FILE = "fixes";
  private static final String NONE = "-";
  private static final int COLUMNS = 6;
  private static final String PARAMETERS = "/sys/module/shootdown/parameters/";

  /// The fixes that an image can take out; none if there is no list.
  ///
  /// @throws HostFailure if the list is none
  public static List<GuestFix> of(Path image) throws HostFailure {
    var file = image.toAbsolutePath().resolveSibling(FILE);
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      return parse(Files.readAllLines(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new HostFailure(file + ": " + e.getMessage(), e);
    }
  }

  static List<GuestFix> parse(List<String> lines) {
    var fixes = new ArrayList<GuestFix>();
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] cells = line.split("\\s+");
      if (cells.length != COLUMNS || !cells[0].matches("[0-9a-f]{12}")) {
        throw new IllegalArgumentException(
            "line " + (i + 1)
                + " is not: a commit of 12 digits, without, with, both, window, machine");
      }
      fixes.add(
          new GuestFix(
              cells[0], given(cells[1]), given(cells[2]), given(cells[3]),
              Optional.of(cells[4]).filter(cell -> !cell.equals(NONE)), cells[5]));
    }
    return List.copyOf(fixes);
  }

  private static String given(String cell) {
    return cell.equals(NONE) ? "" : cell.replace(',', ' ');
  }

  /// The guest's file that tells how often the window was gone through.
  public static String timesOf(String window) {
    return PARAMETERS + window + "_windows";
  }

  /// The guest's file that tells how many microseconds were spent in the window.
  public static String microsOf(String window) {
    return PARAMETERS + window + "_micros";
  }

  /// The files of the counters of all windows.
  public static List<String> counters(List<GuestFix> fixes) {
    return windows(fixes).stream()
        .flatMap(window -> List.of(timesOf(window), microsOf(window)).stream())
        .toList();
  }

  /// The windows that there are, each once.
  public static List<String> windows(List<GuestFix> fixes) {
    return fixes.stream().flatMap(fix -> fix.window().stream()).distinct().toList();
  }
}
