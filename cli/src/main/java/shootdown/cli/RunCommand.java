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
import shootdown.host.compare.Comparison;
import shootdown.host.compare.HostReport;
import shootdown.host.guest.GuestFix;
import shootdown.host.guest.GuestReport;
import shootdown.host.guest.GuestRequest.Bound;
import shootdown.host.guest.GuestRequest.Starts;
import shootdown.host.guest.GuestRun;
import shootdown.host.run.HostFailure;
import shootdown.host.run.HostKernel;
import shootdown.host.run.HostRequest;
import shootdown.host.run.HostResult;
import shootdown.host.run.HostRun;
import shootdown.host.worker.Unrunnable;
import shootdown.litmus.Oracle;
import shootdown.litmus.ParseResult;
import shootdown.model.BadRequest;
import shootdown.model.CheckRequest;
import shootdown.model.Checker;
import shootdown.model.Ending;
import shootdown.model.Outcome;
import shootdown.model.Plan;
import shootdown.model.TestResult;

/// `shootdown run`: runs tests on this machine's kernel and compares with the model.
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false,
    description = {
      "Runs litmus tests on this machine's Linux kernel, over and over, and compares what was seen"
          + " with what the model allows.",
      "Prints a histogram for each test, as litmus7 does. What was not seen is no proof of"
          + " anything."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all that was seen is allowed",
      "1:something was seen that the model does not allow",
      "2:bad input or usage",
      "4:no test could be run here",
      "70:a bug in Shootdown"
    })
final class RunCommand implements Callable<Integer> {
  /// For the model's search of one test; where it takes longer, not all outcomes are known.
  private static final Duration MODEL = Duration.ofSeconds(30);
  private static final Duration LEAST = Duration.ofMillis(200);

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|DIR",
      description = "tests, and folders with tests (*.litmus, at any depth)")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--iterations",
      paramLabel = "N",
      converter = Values.Count.class,
      description = "ends a test after N rounds: 100000, 100k, 1M")
  private Long iterations;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      converter = Values.Seconds.class,
      description =
          "ends after TIME: 10 (seconds), 500ms, 2m; each test gets an equal share of what is left,"
              + " at least 200ms; default: 1s for each test, 10s for each in a guest")
  private Duration time;

  @Option(
      names = "--cpus",
      split = ",",
      paramLabel = "N",
      description = "CPUs of this machine that cpu 0, 1, ... of a test stand for, in turn;"
          + " default: all that may be used")
  private List<Integer> cpus = new ArrayList<>();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "where the tests' files are made (they decide on the file system);"
          + " default: the folder for temporary files")
  private Path folder;

  @Option(
      names = "--kernel",
      paramLabel = "SPEC",
      description = "the model's kernel to compare with; default: the release of this machine's, if"
          + " the model knows it, else " + Checker.DEFAULT_KERNEL)
  private String kernel;

  @Option(names = "--seed", paramLabel = "N", description = "of the threads' random starts")
  private long seed;

  @Option(
      names = "--guest",
      paramLabel = "IMAGE",
      description = "runs the tests on this kernel, in a virtual machine, instead of this machine's"
          + " kernel; guest/build makes one. --time is 10s then, for each test")
  private Path image;

  @Option(
      names = "--may-crash",
      description = "runs on this machine, too, what could stop it: tests in which the model finds"
          + " a kernel bug")
  private boolean mayCrash;

  @Mixin private GuestOptions guest;

  @Spec private CommandSpec spec;

  private final Screen screen;
  private int run;
  private boolean differs;

  RunCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() throws BadInput {
    if (image != null && (folder != null || !cpus.isEmpty())) {
      throw new BadInput("shootdown: --dir and --cpus are of this machine, and --guest is not");
    }
    kernel = HostModel.kernel(kernel);
    var tests = LitmusFiles.read(files);
    var refusal = image == null ? HostRun.refusal() : Optional.<String>empty();
    if (refusal.isPresent()) {
      spec.commandLine().getErr().println("shootdown: nothing can be run here: " + refusal.get());
      return ExitCode.NOTHING_RUN.code();
    }
    long start = System.nanoTime();
    int left = tests.size();
    for (var test : tests.entrySet()) {
      one(test.getKey(), test.getValue(), start, left--);
    }
    if (run == 0) {
      return ExitCode.NOTHING_RUN.code();
    }
    return (differs ? ExitCode.VERDICT_DIFFERS : ExitCode.AS_STATED).code();
  }

  /// @param left how many tests are still to be run
  private void one(String file, ParseResult.Parsed parsed, long start, int left)
      throws BadInput {
    PrintWriter out = spec.commandLine().getOut();
    try {
      var allowed = model(file, parsed);
      mustSpareThisMachine(allowed);
      if (screen.err()) {
        spec.commandLine().getErr().print("running " + file + " ...\r");
        spec.commandLine().getErr().flush();
      }
      var comparison =
          image == null
              ? host(parsed, allowed, limit(HostRequest.DEFAULT.time(), start, left))
              : guest(parsed, allowed, limit(GuestOptions.TIME, start, left));
      out.flush();
      run++;
      differs |= !comparison.agrees() && allowed.isComplete();
    } catch (Unrunnable | HostFailure e) {
      out.println("Test " + parsed.test().name() + " not runnable here: " + e.getMessage());
      out.println();
      out.flush();
    }
  }

  /// A kernel that stops at a bug of its own has to be booted again.
  private void mustSpareThisMachine(TestResult allowed) {
    boolean stops =
        allowed.violations().stream()
            .anyMatch(violated -> violated.oracle().equals(Oracle.KERNEL_BUG.label()));
    if (stops && image == null && !mayCrash) {
      throw new Unrunnable(
          "the model finds a kernel bug in it, which could stop this machine; --guest runs it on"
              + " another kernel, and --may-crash on this one all the same");
    }
  }

  private Comparison host(ParseResult.Parsed parsed, TestResult allowed, Duration limit)
      throws HostFailure {
    var result = HostRun.of(parsed.test(), request(limit));
    var comparison = compare(result, allowed);
    print(text(parsed, result, comparison, allowed, "Linux " + HostKernel.version()));
    return comparison;
  }

  private Comparison guest(ParseResult.Parsed parsed, TestResult allowed, Duration limit)
      throws HostFailure, BadInput {
    var request =
        guest.request(image, new Bound(rounds(), limit), Starts.of(parsed.test(), seed));
    var result = GuestRun.of(parsed.test(), request);
    var comparison = compare(result.run(), allowed);
    var kernel = GuestReport.kernel(result, request, GuestRun.qemuVersion());
    print(text(parsed, result.run(), comparison, allowed, kernel).stripTrailing() + "\n");
    GuestReport.lines(result, request, GuestFix.windows(GuestFix.of(image)))
        .forEach(line -> print(line + "\n"));
    print("\n");
    return comparison;
  }

  private void print(String text) {
    spec.commandLine().getOut().print(text);
  }

  private static Comparison compare(HostResult result, TestResult allowed) {
    return Comparison.of(
        result.outcomes(), allowed.endings().stream().map(Ending::text).toList());
  }

  private String text(
      ParseResult.Parsed parsed,
      HostResult result,
      Comparison comparison,
      TestResult allowed,
      String kernelThatRan) {
    return HostReport.of(
        parsed.test(),
        result,
        outcome -> Outcome.satisfies(parsed.test(), outcome, result.globals()),
        comparison,
        allowed.kernel() + " " + allowed.machine(),
        allowed.incomplete().orElse(""),
        kernelThatRan);
  }

  private HostRequest request(Duration limit) {
    return new HostRequest(
        rounds(),
        limit,
        cpus,
        Optional.ofNullable(folder).map(Path::toAbsolutePath),
        seed);
  }

  private long rounds() {
    return iterations == null ? Long.MAX_VALUE : iterations;
  }

  /// How long a test may take: its share of what is left of `--time`.
  private Duration limit(Duration otherwise, long start, int left) {
    if (time == null) {
      return iterations == null ? otherwise : Duration.ofDays(1);
    }
    var share = time.minusNanos(System.nanoTime() - start).dividedBy(left);
    return share.compareTo(LEAST) < 0 ? LEAST : share;
  }

  private TestResult model(String file, ParseResult.Parsed parsed) throws BadInput {
    var request =
        CheckRequest.DEFAULT
            .withKernels(List.of(kernel))
            .withMachines(List.of(Checker.DEFAULT_MACHINE))
            .withTime(time != null && time.compareTo(MODEL) > 0 ? time : MODEL);
    try {
      return switch (Checker.plan(parsed, file, request)) {
        case Plan.Runs(var runs) -> runs.getFirst().run();
        case Plan.Refused(var wrong) ->
            throw new BadInput(wrong.stream().map(d -> d.render(file)).toList());
      };
    } catch (BadRequest e) {
      throw new BadInput("shootdown: " + e.getMessage());
    }
  }
}
