package shootdown.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import shootdown.check.Search;
import shootdown.check.Tally;
import shootdown.check.Window;
import shootdown.litmus.Diagnostic;
import shootdown.litmus.ParseResult;
import shootdown.model.BadRequest;
import shootdown.model.CheckRequest;
import shootdown.model.Checker;
import shootdown.model.Own;
import shootdown.model.Plan;
import shootdown.model.Planned;
import shootdown.model.odds.Estimator;
import shootdown.model.odds.Odds;
import shootdown.model.odds.OddsRequest;
import shootdown.report.OddsFormat;
import shootdown.report.OddsJson;
import shootdown.report.OddsText;
import shootdown.sched.Mutation;

/// `shootdown odds`: how rare a race is, without and with a delay where it helps.
@Command(
    name = "odds",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false,
    description = {
      "Estimates how rare it is that a test shows what `check` finds, in simulated time with"
          + " realistic step times: as it is, and with a task that stays for a while at a place, as"
          + " an msleep() there would make it.",
      "Without --window, looks for the place that helps most."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:estimated, or it can never happen",
      "2:bad input or usage",
      "3:nothing was hit and not all was explored: it may never happen at all",
      "70:a bug in Shootdown"
    })
final class OddsCommand implements Callable<Integer> {
  private static final long MOST_STATES = 5_000_000;

  @Parameters(paramLabel = "FILE", description = "a test")
  private Path file;

  @Option(
      names = "--kernel",
      split = ",",
      paramLabel = "SPEC",
      description = "as of check; default: those that the test's Result: lines name, else latest")
  private List<String> kernels = new ArrayList<>();

  @Option(
      names = "--machine",
      split = ",",
      paramLabel = "NAME",
      description = "as of check; default: those that the test names, else x86-64")
  private List<String> machines = new ArrayList<>();

  @Option(
      names = "--window",
      paramLabel = WindowValue.TEXT,
      converter = WindowValue.class,
      description = {
        "a task stays there for TIME (default 10ms) before the step, or after it; several may be"
            + " given.",
        "Names are those of `mutants --list`: move_ptes:ptl, page_mkclean_one:flush"
      })
  private List<Window> windows = new ArrayList<>();

  @Option(
      names = "--pause",
      paramLabel = "TIME",
      converter = WindowValue.Nanos.class,
      description =
          "threads do something else for up to TIME before each statement (default: they do not)")
  private double pause;

  @Option(
      names = "--runs",
      paramLabel = "N",
      converter = Values.Count.class,
      description =
          "N rounds each; default: until the interval is within a tenth of the estimate, or --time")
  private Long runs;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      converter = Values.Time.class,
      description = "no more time than this for each estimate (default: 20s)")
  private Duration time = Duration.ofSeconds(20);

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "of all that is random (default 0): the same seed and --runs, the same result")
  private long seed;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      converter = Values.OutputName.class,
      defaultValue = "text",
      description = "text or json")
  private Values.Output format;

  @Spec private CommandSpec spec;

  private Own own = Own.NOTHING;

  @Override
  public Integer call() throws BadInput {
    PrintWriter out = spec.commandLine().getOut();
    var output = output();
    own = new Own(OwnFixes.of(kernels), OwnMachines.of(machines));
    var parsed = LitmusFiles.readOne(file);
    boolean undecided = false;
    out.print(output.begin());
    for (var run : plan(parsed.getKey(), parsed.getValue())) {
      var odds = estimate(run);
      out.print(output.next(odds));
      out.flush();
      undecided |= isUndecided(odds);
    }
    out.print(output.end());
    out.flush();
    return (undecided ? ExitCode.UNDECIDED : ExitCode.AS_STATED).code();
  }

  private OddsFormat output() throws BadInput {
    return switch (format) {
      case TEXT -> new OddsText();
      case JSON -> new OddsJson();
      case HERD -> throw new BadInput("shootdown: odds are written as text or json");
    };
  }

  /// A run, and what writes down which sites it comes by.
  private record Run(Planned planned, Mutation sites) {}

  private List<Run> plan(String name, ParseResult.Parsed test) throws BadInput {
    var first = planned(name, test, kernels, machines, Mutation.NONE);
    var runs = new ArrayList<Run>();
    for (var one : first) {
      var sites = Mutation.recording();
      var again = planned(name, test, List.of(one.kernel()), List.of(one.machine()), sites);
      runs.add(new Run(again.getFirst(), sites));
    }
    return runs;
  }

  private List<Planned> planned(
      String name,
      ParseResult.Parsed test,
      List<String> onKernels,
      List<String> onMachines,
      Mutation sites)
      throws BadInput {
    var request =
        CheckRequest.DEFAULT
            .withKernels(onKernels)
            .withOwn(own)
            .withMachines(onMachines)
            .withMaxStates(MOST_STATES)
            .withTime(time)
            .withMutation(sites);
    try {
      Checker.plan(test, name, request.withSearch(new Search.Timed(1, List.of()), 0));
      return switch (Checker.plan(test, name, request)) {
        case Plan.Runs(var planned) -> planned;
        case Plan.Refused(var diagnostics) ->
            throw new BadInput(diagnostics.stream().map(d -> rendered(d, name)).toList());
      };
    } catch (BadRequest bad) {
      throw new BadInput("shootdown: " + bad.getMessage());
    }
  }

  private static String rendered(Diagnostic diagnostic, String name) {
    return diagnostic.render(name);
  }

  private Odds estimate(Run run) throws BadInput {
    var explored = run.planned().run();
    WindowValue.check(windows, run.sites().met().keySet());
    List<String> places =
        windows.isEmpty()
            ? explored
                .counterexample()
                .map(shown -> List.copyOf(run.planned().sitesOf(shown.schedule())))
                .orElse(List.of())
            : List.of();
    var request =
        new OddsRequest(
            windows,
            WindowValue.USUAL.toNanos(),
            pause,
            runs == null ? OptionalLong.empty() : OptionalLong.of(runs),
            seed,
            patience());
    try {
      var simulated = run.planned().simulated(pause);
      return Estimator.estimate(explored, simulated, places, request);
    } catch (BadRequest bad) {
      throw new BadInput("shootdown: " + bad.getMessage());
    }
  }

  private Supplier<Predicate<Tally>> patience() {
    return () -> {
      long end = System.nanoTime() + time.toNanos();
      return _ -> System.nanoTime() - end < 0;
    };
  }

  private static boolean isUndecided(Odds odds) {
    boolean hit =
        odds.bare().filter(t -> t.hits() > 0).isPresent()
            || odds.widened().filter(t -> t.hits() > 0).isPresent();
    return !hit
        && !Estimator.isPossible(odds.explored())
        && !Estimator.isNever(odds.explored());
  }
}
