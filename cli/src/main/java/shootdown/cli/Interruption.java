package shootdown.cli;

/// What happens when the process is told to end (Ctrl-C, `kill`) while it works: the last words are
/// spoken, and the exit code is a chosen one.
final class Interruption implements AutoCloseable {
  private final Thread hook;

  /// @param lastWords are spoken on a thread of their own while all others go on
  Interruption(Runnable lastWords, ExitCode code) {
    hook =
        new Thread(
            () -> {
              try {
                lastWords.run();
              } finally {
                Runtime.getRuntime().halt(code.code());
              }
            },
            "interrupted");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// From here on, the end of the process is an ordinary one.
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the hook decides how. Nothing else may print any more.
      waitForEver();
    }
  }

  private static void waitForEver() {
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
