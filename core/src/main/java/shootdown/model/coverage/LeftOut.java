package shootdown.model.coverage;

import java.util.ArrayList;
import java.util.List;

/// A function of Linux that is not modelled on purpose.
///
/// @param file in the Linux tree
/// @param function its name
/// @param reason why
public record LeftOut(String file, String function, String reason) {

  /// Reads a list: the reason in a line of its own, then its functions, indented, by file.
  ///
  /// ```text
  /// # remarks and blank lines
  /// No memory is ever short.
  ///   mm/oom_kill.c  out_of_memory, oom_kill_process
  /// ```
  ///
  /// @throws IllegalArgumentException with the number of a line that is neither
  public static List<LeftOut> of(List<String> lines) {
    var all = new ArrayList<LeftOut>();
    String reason = "";
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (!line.startsWith(" ")) {
        reason = line.strip();
        continue;
      }
      var parts = line.strip().split("\\s+", 2);
      if (reason.isEmpty() || parts.length < 2 || !parts[1].matches("\\w+(, *\\w+)*")) {
        throw new IllegalArgumentException(
            "line " + (i + 1) + " is neither a reason nor `file  function, function`: " + line);
      }
      for (var function : parts[1].split(", *")) {
        all.add(new LeftOut(parts[0], function, reason));
      }
    }
    return all;
  }
}
