package shootdown.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

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
    System.exit(execute(commandLine(new ModelPlanner(), Screen.ofProcess()), args));
  }

  /// The parser with all sub-commands.
  static CommandLine commandLine(Planner planner, Screen screen) {
    return new CommandLine(new Main())
        .addSubcommand(new CheckCommand(planner, screen))
        .addSubcommand(new OddsCommand())
        .addSubcommand(new BisectCommand())
        .addSubcommand(new RunCommand(screen))
        .addSubcommand(new ConfirmCommand(screen))
        .addSubcommand(new FuzzCommand(screen))
        .addSubcommand(new ListCommand())
        .addSubcommand(new MutantsCommand(screen))
        .addSubcommand(new HuntCommand(screen))
        .addSubcommand(new CoverageCommand(screen))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(100)
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                screen.out() && screen.colours()
                    ? CommandLine.Help.Ansi.ON
                    : CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler((wrong, _) -> wrongUsage(wrong))
        .setExecutionExceptionHandler((thrown, command, _) -> failed(thrown, command.getErr()));
  }

  /// Runs `command` and returns the exit code, also when an [Error] ends it.
  static int execute(CommandLine command, String... args) {
    try {
      return command.execute(args);
    } catch (Error thrown) {
      return failed(thrown, command.getErr());
    }
  }

  /// Without a sub-command there is nothing to do, which is wrong usage.
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  private static int wrongUsage(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("shootdown: " + wrong.getMessage());
    UnmatchedArgumentException.printSuggestions(wrong, err);
    err.println("See `" + command.getCommandSpec().qualifiedName() + " --help`.");
    err.flush();
    return ExitCode.BAD_INPUT.code();
  }

  private static int failed(Throwable thrown, PrintWriter err) {
    return switch (thrown) {
      case BadInput bad -> {
        err.println(bad.getMessage());
        err.flush();
        yield ExitCode.BAD_INPUT.code();
      }
      case OutOfMemoryError _ -> {
        err.println("shootdown: out of memory: " + OutOfMemory.ADVICE);
        err.flush();
        yield ExitCode.UNDECIDED.code();
      }
      default -> {
        var blamed = OwnFixes.blamed(thrown);
        if (blamed.isPresent()) {
          err.println("shootdown: " + blamed.get());
          err.flush();
          yield ExitCode.BAD_INPUT.code();
        }
        OwnBug.print(err, thrown);
        yield ExitCode.OWN_BUG.code();
      }
    };
  }
}
