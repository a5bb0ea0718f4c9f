package shootdown.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import shootdown.litmus.ParseResult;
import shootdown.litmus.Suggestion;
import shootdown.model.CheckRequest;
import shootdown.model.Own;
import shootdown.model.Progress;
import shootdown.model.TestResult;
import shootdown.model.mutants.CallSites;
import shootdown.report.Format;
import shootdown.report.HerdFormat;
import shootdown.report.JsonFormat;
import shootdown.report.Paint;
import shootdown.report.TextFormat;
import shootdown.report.TextFormat.Drawing;
import shootdown.report.TextFormat.Widths;
import shootdown.sched.Mutation;

/// `shootdown check`: explores tests and prints what came out.
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false,
    description = {
      "Explores every interleaving of litmus tests and compares what can happen with what the tests"
          + " state.",
      "One run, or a run that differs, is shown with its counterexample; several are one line each."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is as the tests state; where they state nothing, nothing wrong was found",
      "1:a verdict differs, or something is wrong where nothing was stated or --schedule was given",
      "2:bad input or usage",
      "3:not decided: bounds were reached, memory ran out, or it was interrupted",
      "70:a bug in Shootdown"
    })
final class CheckCommand implements Callable<Integer> {
  private static final int DEFAULT_WIDTH = 2;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|DIR",
      description = "tests, and folders with tests (*.litmus, at any depth)")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--kernel",
      split = ",",
      paramLabel = "SPEC",
      description = {
        "v4.9-rc5, latest, latest-5d1904204c99 (without a fix), v4.8+5d1904204c99 (with one),",
        "v4.9-rc5+MyFix.java (with one of your own, see docs/adding.md);",
        "default: those that the test's Result: lines name, else latest"
      })
  private List<String> kernels = new ArrayList<>();

  @Option(
      names = "--machine",
      split = ",",
      paramLabel = "NAME",
      description =
          "see `list machines`, or FILE.txt with one of your own (docs/adding.md); default: those"
              + " that the test names, else x86-64")
  private List<String> machines = new ArrayList<>();

  @Mixin private SearchOptions search = new SearchOptions();

  @Option(
      names = "--states",
      paramLabel = "N",
      converter = Values.Count.class,
      description = "gives up after N states of a run: 5000000, 500k, 5M")
  private Long states;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      converter = Values.Time.class,
      description = "gives up a run after TIME: 500ms, 60s, 5m, 2h")
  private Duration time;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      converter = Values.Memory.class,
      description =
          "of the tables of one run, about: 512M, 4G; when they are full, a weaker search goes on,"
              + " and the verdict is Unknown")
  private Long memory;

  @Mixin private CheckpointOptions checkpoint = new CheckpointOptions();

  @Option(
      names = "-j",
      paramLabel = "N",
      converter = Values.Width.class,
      description = "checks N runs at a time (default: 2)")
  private int width = DEFAULT_WIDTH;

  @Option(
      names = "--workers",
      paramLabel = "N",
      converter = Values.Width.class,
      description = "N threads search one run, once it has 30,000 states (default: 1)")
  private int workers = 1;

  @Option(
      names = "--schedule",
      paramLabel = "S",
      converter = Values.Interleaving.class,
      description =
          "replays one interleaving, as a counterexample's last line gives it; what the tests"
              + " state is not looked at")
  private String schedule;

  @Option(
      names = "--mutate",
      paramLabel = "NAME",
      description = "switches off one step of the kernel, as `mutants --list` names it")
  private String mutate;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      converter = Values.OutputName.class,
      defaultValue = "text",
      description = "text, herd (herd7's blocks) or json")
  private Values.Output format;

  @Mixin private ReportOptions reports = new ReportOptions();

  @Option(names = "--trace", description = "draws the counterexamples of all runs")
  private boolean trace;

  @Spec private CommandSpec spec;

  private final Planner planner;
  private final Screen screen;

  /// Set before any run begins.
  private Format output;

  private List<ReportFile> written = List.of();

  CheckCommand(Planner planner, Screen screen) {
    this.planner = planner;
    this.screen = screen;
  }

  @Override
  public Integer call() throws BadInput {
    PrintWriter err = spec.commandLine().getErr();
    var place =
        screen.err() ? ProgressLine.Place.TERMINAL : ProgressLine.Place.ELSEWHERE;
    var progress = new ProgressLine(place, err, System::nanoTime);
    var mutation = mutation();
    var request = request(progress).withMutation(mutation);
    checkpoint.check(request);
    mustBeAFunction();
    Map<String, ParseResult.Parsed> tests = LitmusFiles.read(files);
    List<Job> jobs = plan(tests, request);
    output = format(jobs);
    written = reports.open();
    progress.planned(jobs.size());
    var kept = checkpoint.open(jobs, tests, request, line -> say(line, progress));
    ExitCode code;
    try (var _ = kept.orElse(null)) {
      code = run(jobs, progress, kept);
      kept.ifPresent(KeptRuns::end);
    }
    if (mutate != null && !mutation.met().containsKey(mutate)) {
      throw new BadInput(
          "shootdown: nothing was switched off: no run came by " + mutate
              + Suggestion.of(mutate, mutation.met().keySet()));
    }
    WindowValue.check(search.windows(), mutation.met().keySet());
    return code.code();
  }

  private boolean draws(TestResult result) {
    return output.draws(result) || written.stream().anyMatch(file -> file.draws(result));
  }

  /// A name that no site can have is refused before anything runs. Whether the tests come by a site
  /// is known afterwards only.
  private void mustBeAFunction() throws BadInput {
    if (mutate == null) {
      return;
    }
    int slash = mutate.indexOf('/');
    var function = slash < 0 ? mutate : mutate.substring(0, slash);
    var words = CallSites.words();
    if (slash < 0 || !words.contains(function)) {
      throw new BadInput(
          "shootdown: --mutate " + mutate + ": "
              + (slash < 0
                  ? "a mutant is FUNCTION/STEP"
                  : "the kernel has no function "
                      + function
                      + Suggestion.of(function, namesAmong(words)))
              + " (`mutants --list` names all)");
    }
  }

  /// Most words are titles of commits, and too many for a suggestion to look at.
  private static List<String> namesAmong(Set<String> words) {
    return words.stream().filter(word -> word.matches("[a-z0-9_]+")).toList();
  }

  /// Sites are written down where it matters which there are.
  private Mutation mutation() {
    if (mutate == null) {
      return search.windows().isEmpty() ? Mutation.NONE : Mutation.recording();
    }
    return Mutation.off(mutate);
  }

  private void say(String line, ProgressLine progress) {
    synchronized (progress) {
      progress.clear();
      spec.commandLine().getErr().println("shootdown: " + line);
      spec.commandLine().getErr().flush();
    }
  }

  private List<Job> plan(Map<String, ParseResult.Parsed> tests, CheckRequest request)
      throws BadInput {
    List<Job> jobs = planner.plan(tests, request, this::draws);
    if (schedule != null && jobs.size() > 1) {
      throw new BadInput(
          "a schedule replays one run, and these are " + jobs.size()
              + ": name one file, --kernel and --machine");
    }
    return jobs;
  }

  private CheckRequest request(Progress progress) throws BadInput {
    CheckRequest request =
        CheckRequest.DEFAULT
            .withKernels(List.copyOf(kernels))
            .withOwn(new Own(OwnFixes.of(kernels), OwnMachines.of(machines)))
            .withMachines(List.copyOf(machines))
            .withProgress(progress)
            .withWorkers(workers)
            .withSearch(search.search(time != null), search.seed());
    request = states == null ? request : request.withMaxStates(states);
    request = memory == null ? request : request.withMemory(memory);
    request = time == null ? request : request.withTime(time);
    return schedule == null ? request : request.withSchedule(schedule);
  }

  /// Runs all. Whoever prints holds the progress line, so that it stands nowhere else meanwhile.
  private ExitCode run(List<Job> asked, ProgressLine progress, Optional<KeptRuns> kept) {
    var jobs = kept.map(k -> k.keeping(asked)).orElse(asked);
    var printing =
        new Printing(
            spec.commandLine().getOut(),
            spec.commandLine().getErr(),
            output,
            written,
            System::nanoTime);
    var running =
        new Jobs(
            jobs.stream().map(progress::counting).toList(), Math.min(width, jobs.size()));
    try (var _ =
        new Interruption(
            () -> {
              lastWords(printing, running, progress);
              kept.ifPresent(KeptRuns::interrupted);
            },
            ExitCode.UNDECIDED)) {
      boolean allRead =
          running.awaitAll(
              end -> {
                synchronized (progress) {
                  progress.clear();
                  return printing.print(end);
                }
              });
      synchronized (progress) {
        printing.end();
        return allRead ? printing.exitCode() : printing.nobodyReads();
      }
    }
  }

  /// Nobody prints a result after the last words.
  private static void lastWords(Printing printing, Jobs running, ProgressLine progress) {
    List<Jobs.End> waiting;
    try {
      waiting = running.stop();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    }
    synchronized (progress) {
      progress.clear();
      waiting.forEach(printing::print);
      printing.interrupted();
    }
  }

  private Format format(List<Job> jobs) {
    return switch (format) {
      case HERD -> new HerdFormat();
      case JSON -> new JsonFormat();
      case TEXT -> {
        var widths = Widths.NONE;
        for (Job job : jobs) {
          widths = widths.fitting(job.test().name(), job.kernel(), job.machine());
        }
        yield new TextFormat(widths, drawing(jobs), paint());
      }
    };
  }

  private Drawing drawing(List<Job> jobs) {
    if (jobs.size() == 1) {
      return Drawing.EVERYTHING;
    }
    return trace ? Drawing.ALL : Drawing.DIFFERING;
  }

  private Paint paint() {
    return screen.out() && screen.colours() ? Paint.COLOURS : Paint.NONE;
  }
}
