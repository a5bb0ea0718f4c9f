package shootdown.sched;

/// What a run did wrong.
///
/// @param property short name of what was violated, e.g. an oracle's
/// @param message one sentence about this case
public record Violation(String property, String message) {
  /// A lock taken twice, out of order, or released when not held.
  public static final String LOCK_MISUSE = "lock misuse";

  /// Some tasks wait and none can ever go on.
  public static final String DEADLOCK = "deadlock";

  /// A fair cycle without progress.
  public static final String LIVELOCK = "livelock";
}
