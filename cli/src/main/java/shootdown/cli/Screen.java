package shootdown.cli;

import java.util.function.UnaryOperator;

/// Which of our streams are terminals, as the launcher found it, and whether colours are wanted.
///
/// @param out standard output is one
/// @param err standard error is one
/// @param colours are wanted on a terminal
record Screen(boolean out, boolean err, boolean colours) {
  private static final String TERMINAL = "terminal";

  /// This process's.
  static Screen ofProcess() {
    return of(System::getProperty, System::getenv);
  }

  static Screen of(UnaryOperator<String> property, UnaryOperator<String> environment) {
    boolean dumb = "dumb".equals(environment.apply("TERM"));
    String noColor = environment.apply("NO_COLOR");
    return new Screen(
        TERMINAL.equals(property.apply("shootdown.stdout")) && !dumb,
        TERMINAL.equals(property.apply("shootdown.stderr")) && !dumb,
        noColor == null || noColor.isEmpty());
  }
}
