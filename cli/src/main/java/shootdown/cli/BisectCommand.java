package shootdown.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import shootdown.kernel.history.Fix;
import shootdown.model.BadRequest;
import shootdown.model.CheckRequest;
import shootdown.model.bisect.Bisection;
import shootdown.model.bisect.Bisection.Era;

/// `shootdown bisect`: when a test began to show something, and which fix ended it.
@Command(
    name = "bisect",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false,
    description = {
      "Runs a test along the releases: where what it shows changes, and which fix changes it.",
      "No release at which the kernel changes is skipped: an outcome may come and go."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all releases are decided",
      "2:bad input or usage",
      "3:one is not, within the bounds",
      "70:a bug in Shootdown"
    })
final class BisectCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "a test")
  private Path file;

  @Option(
      names = "--machine",
      paramLabel = "NAME",
      defaultValue = "x86-64",
      description = "see `list machines`; default: x86-64")
  private String machine;

  @Option(
      names = "--states",
      paramLabel = "N",
      converter = Values.Count.class,
      defaultValue = "5M",
      description = "gives up after N states of a run (default: 5M)")
  private Long states;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      converter = Values.Time.class,
      defaultValue = "60s",
      description = "gives up a run after TIME (default: 60s)")
  private Duration time;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws BadInput {
    PrintWriter out = spec.commandLine().getOut();
    var test = LitmusFiles.readOne(file);
    List<Era> eras;
    try {
      var bounds = CheckRequest.DEFAULT.withMaxStates(states).withTime(time);
      eras = Bisection.of(test.getValue(), test.getKey(), machine, bounds);
    } catch (BadRequest bad) {
      throw new BadInput("shootdown: " + bad.getMessage());
    }
    var table = new Table().row("FROM", "SHOWS", "SINCE");
    eras.forEach(era -> table.row(era.from(), era.verdict(), since(era)));
    out.println(test.getValue().test().name() + " on " + machine);
    table.lines().forEach(out::println);
    out.flush();
    return (eras.stream().allMatch(Era::isDecided) ? ExitCode.AS_STATED : ExitCode.UNDECIDED)
        .code();
  }

  private static String since(Era era) {
    return era.fixes().stream()
        .map(Fix::toString)
        .collect(Collectors.joining(era.together() ? " with " : ", or "));
  }
}
