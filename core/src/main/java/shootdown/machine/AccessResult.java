package shootdown.machine;

/// How an attempt to access user memory ends.
public sealed interface AccessResult {
  /// It is done.
  ///
  /// @param value what was loaded; for a store or update, what the word held before
  record Done(long value) implements AccessResult {}

  /// The hardware raises a page fault.
  ///
  /// @param write the access was a store
  /// @param present a protection fault: the translation that was used was there, but forbids it
  record PageFault(boolean write, boolean present) implements AccessResult {}
}
