package shootdown.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The program: parses the command line and ends the process with an [ExitCode].
@Command(
    name = "shootdown",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Runs and model-checks litmus tests of virtual memory.",
    footer = "%n`shootdown test` runs Shootdown's own tests; `--all`, the slow ones too.")
public final class Main implements Runnable {

  @Spec private CommandSpec spec;

  private Main() {}

  /// Runs the command that `args` name and exits; never returns.
  public static void main(String[] args) {
    System.exit(execute(commandLine(), args));
  }

  /// The parser with all sub-commands.
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler((bug, command, _) -> ownBug(bug, command.getErr()));
  }

  /// Runs `command` and returns the exit code, also when an [Error] ends it.
  static int execute(CommandLine command, String... args) {
    try {
      return command.execute(args);
    } catch (Error bug) {
      return ownBug(bug, command.getErr());
    }
  }

  /// Without a sub-command there is nothing to do, which is wrong usage.
  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Which command? See `shootdown --help`.");
  }

  private static int ownBug(Throwable bug, PrintWriter err) {
    err.println("This is a bug in Shootdown, please report it:");
    bug.printStackTrace(err);
    err.flush();
    return ExitCode.OWN_BUG.code();
  }
}
