package shootdown.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import shootdown.model.TestResult;

/// The command that shows the same again, ready for a shell.
public final class Replay {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./+@%:=,~-]+");

  private Replay() {}

  /// The command that runs one test on one kernel and one machine, on one line.
  public static String command(String file, String kernel, String machine) {
    return "shootdown check %s --kernel %s --machine %s"
        .formatted(quoted(file), quoted(kernel), quoted(machine));
  }

  /// The command with the schedule, on one line.
  static String oneLine(TestResult result, String schedule) {
    return command(result.file(), result.kernel(), result.machine())
        + " --schedule '" + schedule + "'";
  }

  /// The command with the schedule, wrapped so that a shell still takes it for one command: an
  /// end of line within the quotes is a blank of the schedule.
  ///
  /// @param width of each line, where the file's name lets it
  static List<String> lines(TestResult result, String schedule, int width) {
    String whole = oneLine(result, schedule);
    if (whole.length() <= width) {
      return List.of(whole);
    }
    var lines = new ArrayList<String>();
    lines.add(command(result.file(), result.kernel(), result.machine()) + " \\");
    lines.addAll(Wrap.lines("  --schedule '" + schedule + "'", width, width));
    return lines;
  }

  private static String quoted(String argument) {
    return PLAIN.matcher(argument).matches()
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
