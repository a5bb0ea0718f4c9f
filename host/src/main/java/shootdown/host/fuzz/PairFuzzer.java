package shootdown.host.fuzz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import shootdown.host.compare.Comparison;
import shootdown.host.run.HostFailure;
import shootdown.host.run.HostRequest;
import shootdown.host.run.HostRun;
import shootdown.litmus.Litmus;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;
import shootdown.litmus.Printer;
import shootdown.model.BadRequest;
import shootdown.model.CheckRequest;
import shootdown.model.Checker;
import shootdown.model.Ending;
import shootdown.model.Plan;
import shootdown.model.TestResult;

/// Runs random programs of two threads: everything that this machine's kernel shows must be among
/// the outcomes of an exhaustive search.
public final class PairFuzzer {
  private static final long MOST_STATES = 1_000_000;
  private static final Duration MOST_TIME = Duration.ofSeconds(20);
  private static final Duration HOST_TIME = Duration.ofSeconds(2);

  private final Repertoire repertoire;
  private final Path folder;
  private final String kernel;
  private final long rounds;
  private final Tally tally;

  /// @param repertoire what programs are about
  /// @param folder where files are made: its file system is the one under test
  /// @param kernel the model's kernel
  /// @param rounds how often the machine runs each program
  /// @param tally counts
  public PairFuzzer(Repertoire repertoire, Path folder, String kernel, long rounds, Tally tally) {
    this.repertoire = repertoire;
    this.folder = folder;
    this.kernel = kernel;
    this.rounds = rounds;
    this.tally = tally;
  }

  /// As [Fuzzer#run].
  public void run(
      long seed, long from, long to, long most, Fuzzer.Found found, Consumer<Tally> progress)
      throws HostFailure {
    for (long number = from; number < to && tally.differences() < most; number++) {
      one(repertoire.concurrent(seed, number), found);
      progress.accept(tally);
    }
  }

  private void one(LitmusTest test, Fuzzer.Found found) throws HostFailure {
    var model = model(test);
    if (!model.isComplete()) {
      String why = model.incomplete().get();
      int limit = why.indexOf(LIMIT);
      if (limit >= 0) {
        tally.limited(why.substring(limit + LIMIT.length()));
      } else {
        tally.undecided();
      }
      return;
    }
    if (!model.violations().isEmpty()) {
      tally.differed();
      found.accept(violated(test, model));
      return;
    }
    var difference = difference(test, model);
    if (difference.isPresent()) {
      tally.differed();
      found.accept(new Shrinker<HostFailure>(this::compare).smallest(difference.get()));
    } else {
      tally.agreed();
    }
  }

  private static final String LIMIT = "a limit of the model: ";

  private static Difference violated(LitmusTest test, TestResult model) {
    return new Difference(
        test, "violates: " + model.violations().getFirst().oracle(), "this was not run");
  }

  private Optional<Difference> compare(LitmusTest test) throws HostFailure {
    var model = model(test);
    return model.isComplete() ? difference(test, model) : Optional.empty();
  }

  private Optional<Difference> difference(LitmusTest test, TestResult model)
      throws HostFailure {
    var request = new HostRequest(rounds, HOST_TIME, List.of(), Optional.of(folder), 0);
    var allowed = model.endings().stream().map(Ending::text).toList();
    var comparison = Comparison.of(HostRun.of(test, request).outcomes(), allowed);
    return comparison.notAllowed().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Difference(
                test,
                comparison.nearest(comparison.notAllowed().firstKey()).orElse("no end"),
                comparison.notAllowed().firstKey()));
  }

  private TestResult model(LitmusTest test) {
    var file = test.name() + ".litmus";
    var request =
        CheckRequest.DEFAULT
            .withKernels(List.of(kernel))
            .withMachines(List.of(Checker.DEFAULT_MACHINE))
            .withMaxStates(MOST_STATES)
            .withTime(MOST_TIME);
    try {
      if (Litmus.parse(file, Printer.print(test)) instanceof ParseResult.Parsed parsed
          && Checker.plan(parsed, file, request) instanceof Plan.Runs(var runs)) {
        return runs.getFirst().run();
      }
      throw new IllegalStateException("no litmus test:\n" + Printer.print(test));
    } catch (BadRequest e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
