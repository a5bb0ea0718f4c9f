package shootdown.cli;

import java.util.List;

/// What the user gave is wrong: a file, a folder, the value of an option. Exit code 2.
final class BadInput extends Exception {
  private static final long serialVersionUID = 1;

  /// @param messages what to print, at least one
  BadInput(List<String> messages) {
    super(String.join("\n", messages));
  }

  BadInput(String message) {
    this(List.of(message));
  }
}
