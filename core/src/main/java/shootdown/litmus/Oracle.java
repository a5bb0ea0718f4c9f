package shootdown.litmus;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What can be wrong in an execution, besides a test's own condition.
public enum Oracle {
  LOST_WRITE("lost write"),
  STALE_ACCESS("stale access"),
  USE_AFTER_FREE("use after free"),
  PRIVILEGE("privilege"),
  LIVELOCK("livelock"),
  DEADLOCK("deadlock"),
  LOST_WAKEUP("lost wakeup"),
  ACCOUNTING("accounting"),
  KERNEL_BUG("kernel bug");

  private final String label;

  Oracle(String label) {
    this.label = label;
  }

  /// As `Result:` lines and reports name it: `lost write`.
  public String label() {
    return label;
  }

  /// The oracle of that label.
  public static Optional<Oracle> of(String label) {
    return Arrays.stream(values()).filter(o -> o.label.equals(label)).findFirst();
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(Oracle::label).toList();
  }
}
