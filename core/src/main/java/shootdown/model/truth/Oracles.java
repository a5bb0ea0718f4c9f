package shootdown.model.truth;

import java.util.List;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// The names of what can be wrong, and how it is reported.
public final class Oracles {
  public static final String LOST_WRITE = "lost write";
  public static final String STALE_ACCESS = "stale access";
  public static final String USE_AFTER_FREE = "use after free";
  public static final String PRIVILEGE = "privilege";
  public static final String LIVELOCK = "livelock";
  public static final String LOST_WAKEUP = "lost wakeup";
  public static final String ACCOUNTING = "accounting";
  public static final String KERNEL_BUG = "kernel bug";
  public static final String DEADLOCK = "deadlock";

  /// All of them, in the order in which reports name them.
  public static final List<String> ALL =
      List.of(
          LOST_WRITE,
          STALE_ACCESS,
          USE_AFTER_FREE,
          PRIVILEGE,
          LIVELOCK,
          LOST_WAKEUP,
          ACCOUNTING,
          KERNEL_BUG,
          DEADLOCK);

  private final Steps steps;

  Oracles(Steps steps) {
    this.steps = steps;
  }

  void violated(String oracle, String message) {
    steps.violate(new Violation(oracle, message));
  }
}
