package shootdown.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeSet;

/// A file cannot be gone on from: it is damaged, none of ours, or of another check.
public final class UnfitCheckpoint extends IllegalArgumentException {
  private static final long serialVersionUID = 1;
  private static final int SHOWN = 3;

  /// @param why as the rest of a sentence that begins with the file's name
  public UnfitCheckpoint(Path file, String why) {
    super(file + " " + why);
  }

  /// Refuses a file that is of something else than what is wanted.
  ///
  /// @param there what the file is of: names and values
  /// @param here what is wanted
  /// @throws UnfitCheckpoint if they differ, with the first differences
  public static void mustBeSame(
      Path file, Map<String, String> there, Map<String, String> here) {
    var names = new TreeSet<>(here.keySet());
    names.addAll(there.keySet());
    var differing = new ArrayList<String>();
    for (String name : names) {
      String was = there.getOrDefault(name, "nothing");
      String is = here.getOrDefault(name, "nothing");
      if (!was.equals(is)) {
        differing.add(name + ": " + was + " there, " + is + " here");
      }
    }
    int more = differing.size() - SHOWN;
    if (!differing.isEmpty()) {
      throw new UnfitCheckpoint(
          file,
          "is of another check: "
              + String.join("; ", differing.subList(0, Math.min(SHOWN, differing.size())))
              + (more > 0 ? "; and " + more + " more" : ""));
    }
  }
}
