package shootdown.litmus;

/// What a name of the initial state stands for.
public enum GlobalKind {
  ADDRESS,
  /// A descriptor of a file.
  FILE,
  /// A descriptor of `/proc/self/mem`.
  MEMORY,
  /// A pipe, that is the descriptors of both of its ends.
  PIPE,
  /// A descriptor that `userfaultfd()` returned.
  USERFAULTFD,
  NUMBER;

  /// As a message names it.
  String label() {
    return switch (this) {
      case ADDRESS -> "an address";
      case FILE -> "a file descriptor";
      case MEMORY -> "/proc/self/mem";
      case PIPE -> "a pipe";
      case USERFAULTFD -> "a userfaultfd";
      case NUMBER -> "a number";
    };
  }
}
