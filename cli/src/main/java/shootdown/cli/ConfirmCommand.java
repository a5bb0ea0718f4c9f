package shootdown.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import shootdown.host.compare.Confirmation;
import shootdown.host.compare.Confirmation.Role;
import shootdown.host.compare.Confirmation.Row;
import shootdown.host.guest.GuestRequest.Bound;
import shootdown.litmus.ParseResult;

/// `shootdown confirm`: one test on the model, on this machine's kernel and on guests with and
/// without its fix.
@Command(
    name = "confirm",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false,
    description = {
      "Takes a suspicion as far as this machine can: what the model says of a test, what this"
          + " machine's kernel does, what a guest kernel does with the test's fix and, under the"
          + " same delay, without it. Prints one table and one verdict.",
      "The guest's image is made by guest/build."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:confirmed: seen without the fix, not seen with it, and the model agrees",
      "1:contradicted: a kernel shows what the model rules out",
      "2:bad input or usage",
      "3:not confirmed: it was not seen, which is no proof of anything",
      "4:not confirmed: what would decide it could not be run here",
      "70:a bug in Shootdown"
    })
final class ConfirmCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "a test, with its fix in a line `Fix: COMMIT`")
  private Path file;

  @Option(
      names = "--guest",
      paramLabel = "IMAGE",
      description = "the guests' kernel; default: where guest/build puts it")
  private Path image = GuestOptions.built();

  @Option(
      names = "--iterations",
      paramLabel = "N",
      converter = Values.Count.class,
      description = "ends each run after N rounds: 1000, 100k")
  private Long iterations;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      converter = Values.Seconds.class,
      description = "for each run, 10 (seconds), 2m; default: 30s. The guest without the fix ends"
          + " earlier when it has shown it 300 times, and goes on for up to four times as long"
          + " until it has once; those with it take the rounds that make their zero mean something")
  private Duration time = Duration.ofSeconds(30);

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "where the test's files are made on this machine (they decide on the file"
          + " system); default: the folder for temporary files")
  private Path folder;

  @Option(names = "--seed", paramLabel = "N", description = "of the threads' random starts")
  private long seed;

  @Mixin private GuestOptions guest;

  @Spec private CommandSpec spec;

  private final Screen screen;

  ConfirmCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() throws BadInput {
    var tests = LitmusFiles.read(List.of(file));
    if (tests.size() != 1) {
      throw new BadInput("shootdown: confirm takes one test, and there are " + tests.size());
    }
    var test = tests.entrySet().iterator().next();
    return confirm(test.getKey(), test.getValue());
  }

  private int confirm(String name, ParseResult.Parsed parsed) throws BadInput {
    var rows = new ArrayList<Row>();
    say("the model ...");
    var kernels = ConfirmGuest.of(image, parsed.test());
    var model = ConfirmModel.of(name, parsed, kernels.machines());
    rows.addAll(model.rows());
    var runs = new ConfirmRuns(parsed.test(), model, bound(), seed, this::say);
    rows.add(runs.host(Optional.ofNullable(folder)));
    rows.addAll(runs.guests(kernels, guest));
    say("");
    return print(name, new Confirmation(rows));
  }

  private Bound bound() {
    return new Bound(iterations == null ? Long.MAX_VALUE : iterations, time);
  }

  private void say(String what) {
    if (screen.err()) {
      spec.commandLine().getErr().print("\r\033[K" + what);
      spec.commandLine().getErr().flush();
    }
  }

  private int print(String name, Confirmation confirmation) {
    PrintWriter out = spec.commandLine().getOut();
    var table = new Table().row("", "where", "kernel", "in the window", "it went wrong");
    for (var row : confirmation.rows()) {
      table.row(
          row.role() == Role.WITHOUT ? "*" : "",
          row.where().label(),
          row.kernel(),
          Confirmation.window(row.finding()),
          Confirmation.text(row.finding()));
    }
    out.println(name);
    table.lines().forEach(out::println);
    var verdict = confirmation.verdict();
    out.println(verdict.sentence() + ".");
    out.flush();
    return switch (verdict.answer()) {
      case CONFIRMED -> ExitCode.AS_STATED.code();
      case CONTRADICTED -> ExitCode.VERDICT_DIFFERS.code();
      case NOT_SEEN -> ExitCode.UNDECIDED.code();
      case NOT_RUN -> ExitCode.NOTHING_RUN.code();
    };
  }
}
