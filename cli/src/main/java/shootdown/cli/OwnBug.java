package shootdown.cli;

import java.io.PrintWriter;

/// What is printed when Shootdown itself is at fault.
final class OwnBug {
  private OwnBug() {}

  static void print(PrintWriter err, Throwable bug) {
    err.println("This is a bug in Shootdown, please report it:");
    bug.printStackTrace(err);
    err.flush();
  }
}
