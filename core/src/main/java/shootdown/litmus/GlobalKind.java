package shootdown.litmus;

/// What a name of the initial state stands for.
public enum GlobalKind {
  ADDRESS,
  /// A file descriptor.
  FILE,
  NUMBER
}
