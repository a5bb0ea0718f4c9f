package shootdown.host.fuzz;

import java.util.ArrayList;
import shootdown.litmus.LitmusTest;

/// A program whose end differs.
///
/// @param model its outcome on the model, or what is violated there
/// @param host its outcome on this machine's kernel
public record Difference(LitmusTest test, String model, String host) {
  /// The values that differ: `0:r2: the model has -22, the host -12`.
  public String values() {
    String[] here = model.split("; ?");
    String[] there = host.split("; ?");
    if (here.length != there.length) {
      return "the model: " + model + "\nthe host: " + host;
    }
    var different = new ArrayList<String>();
    for (int i = 0; i < here.length; i++) {
      if (!here[i].equals(there[i])) {
        different.add("the model has " + here[i] + ", the host " + there[i]);
      }
    }
    return String.join("\n", different);
  }
}
