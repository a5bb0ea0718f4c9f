package shootdown.kernel.fault;

/// How an instruction of user code that accesses memory ends.
public sealed interface UserResult {
  /// It is done.
  ///
  /// @param value what was loaded; what the word held before an update; 0 for a store
  record Value(long value) implements UserResult {}

  /// It never completes: the process gets a signal.
  record Signal(Kind kind) implements UserResult {}

  /// Signals that an access may cause.
  enum Kind {
    /// nothing is mapped there, or the mapping forbids the access
    SIGSEGV,
    /// the page lies beyond the end of the file
    SIGBUS,
    /// the process was killed
    SIGKILL
  }
}
