package shootdown.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;
import shootdown.model.CheckRequest;
import shootdown.model.Ending;
import shootdown.model.Observation;
import shootdown.model.TestResult;
import shootdown.model.TestResult.Effort;

/// The program in this process, with a planner of the test's own and both streams caught.
final class Program {
  private final StringWriter caughtOut = new StringWriter();
  private final StringWriter caughtErr = new StringWriter();
  private final PrintWriter out;
  private final PrintWriter err;
  private final List<CheckRequest> requests = new ArrayList<>();
  private Screen screen = new Screen(false, false, true);
  private Function<Job, TestResult> check = job -> result(job, Observation.NEVER, "Never");

  Program() {
    out = new PrintWriter(caughtOut);
    err = new PrintWriter(caughtErr);
  }

  /// With streams that are not caught.
  Program(PrintStream out, PrintStream err) {
    this.out = new PrintWriter(out);
    this.err = new PrintWriter(err);
  }

  /// Answers every run so.
  Program checks(Function<Job, TestResult> answer) {
    check = answer;
    return this;
  }

  Program on(Screen other) {
    screen = other;
    return this;
  }

  /// Runs and returns the exit code.
  int run(String... args) {
    CommandLine command = Main.commandLine(this::plan, screen);
    command.setOut(out);
    command.setErr(err);
    return Main.execute(command, args);
  }

  String out() {
    return caughtOut.toString();
  }

  String err() {
    return caughtErr.toString();
  }

  CheckRequest request() {
    return requests.getLast();
  }

  private List<Job> plan(
      Map<String, ParseResult.Parsed> tests,
      CheckRequest request,
      Predicate<TestResult> shows) {
    requests.add(request);
    List<Job> jobs = new ArrayList<>();
    List<String> kernels = request.kernels().isEmpty() ? List.of("latest") : request.kernels();
    tests.forEach(
        (file, parsed) ->
            kernels.forEach(kernel -> jobs.add(job(file, parsed.test(), kernel))));
    return jobs;
  }

  private Job job(String file, LitmusTest test, String kernel) {
    Job[] self = new Job[1];
    self[0] = new Job(file, test, kernel, "x86-64", () -> check.apply(self[0]));
    return self[0];
  }

  /// A result that is as stated if `observation` is.
  static TestResult result(Job job, Observation observation, String expected) {
    boolean decided = observation != Observation.UNKNOWN;
    return new TestResult(
        job.test().name(), job.file(), job.kernel(), job.machine(), Optional.of(observation),
        Optional.of("exists (0:r0=1)"), List.of(), Optional.of(expected),
        decided ? Optional.of(observation.label().equals(expected)) : Optional.empty(),
        decided ? Optional.empty() : Optional.of("the bound on states was reached"),
        List.of(new Ending("0:r0=0;", false)), new Effort(10, 20, 0.1, 0), Optional.empty());
  }
}
