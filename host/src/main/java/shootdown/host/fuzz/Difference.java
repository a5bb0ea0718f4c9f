package shootdown.host.fuzz;

import java.util.ArrayList;
import shootdown.litmus.LitmusTest;

/// A program whose end differs.
///
/// @param model its outcome on the model, or what is violated there
/// @param host its outcome on this machine's kernel
public record Difference(LitmusTest test, String model, String host) {
  /// The values that differ, with names for the two: `the model has 0:r2=-22, the host 0:r2=-12`.
  public String values(String first, String second) {
    String[] here = model.split("; ?");
    String[] there = host.split("; ?");
    if (here.length != there.length) {
      return first + ": " + model + "\n" + second + ": " + host;
    }
    var different = new ArrayList<String>();
    for (int i = 0; i < here.length; i++) {
      if (!here[i].equals(there[i])) {
        different.add(first + " has " + here[i] + ", " + second + " " + there[i]);
      }
    }
    return String.join("\n", different);
  }
}
