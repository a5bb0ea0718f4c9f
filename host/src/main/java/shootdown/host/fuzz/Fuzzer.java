package shootdown.host.fuzz;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import shootdown.host.compare.Comparison;
import shootdown.host.run.BatchRun;
import shootdown.host.run.HostFailure;
import shootdown.litmus.LitmusTest;
import shootdown.model.Alone;
import shootdown.model.Checker;

/// Runs random programs of one thread on the model and on this machine's kernel and compares all
/// that can be seen.
///
/// A function of seed and numbers: program 17 of seed 3 is the same everywhere.
public final class Fuzzer {
  private static final int BATCH = 250;

  private final Repertoire repertoire;
  private final Path folder;
  private final String kernel;
  private final Tally tally;

  /// Is given differences.
  @FunctionalInterface
  public interface Found {
    void accept(Difference difference);
  }

  /// @param repertoire what programs are about
  /// @param folder where files are made: its file system is the one under test
  /// @param kernel the model's kernel
  /// @param tally counts
  public Fuzzer(Repertoire repertoire, Path folder, String kernel, Tally tally) {
    this.repertoire = repertoire;
    this.folder = folder;
    this.kernel = kernel;
    this.tally = tally;
  }

  /// Runs programs `from` … `to`-1 of a seed.
  ///
  /// @param most after so many differences it ends
  /// @param found is given each difference, made as small as can be
  /// @param progress is told after each batch
  /// @throws HostFailure if programs cannot be run here
  public void run(
      long seed, long from, long to, long most, Found found, Consumer<Tally> progress)
      throws HostFailure {
    for (long first = from; first < to && tally.differences() < most; first += BATCH) {
      batch(seed, first, Math.min(to, first + BATCH), found);
      progress.accept(tally);
    }
  }

  private void batch(long seed, long from, long to, Found found) throws HostFailure {
    var tests = new ArrayList<LitmusTest>();
    var models = new ArrayList<Alone>();
    for (long number = from; number < to; number++) {
      var test = repertoire.sequential(seed, number);
      switch (model(test)) {
        case Alone.TooSmall(var limit) -> tally.limited(limit);
        case Alone.Waits _ -> tally.waiting();
        case Alone.Ended ended -> {
          tests.add(test);
          models.add(ended);
        }
        case Alone.Violated violated -> {
          tests.add(test);
          models.add(violated);
        }
      }
    }
    var outcomes = host(tests);
    for (int i = 0; i < tests.size(); i++) {
      var outcome = outcomes.get(i);
      if (outcome.isEmpty()) { // it had to share its worker's time: once more, alone
        outcome = host(List.of(tests.get(i))).getFirst();
      }
      var difference = difference(tests.get(i), models.get(i), outcome);
      if (difference.isPresent()) {
        tally.differed();
        found.accept(new Shrinker<HostFailure>(this::compare).smallest(difference.get()));
      } else {
        tally.agreed();
      }
    }
  }

  private Alone model(LitmusTest test) {
    return Alone.run(test, kernel, Checker.DEFAULT_MACHINE);
  }

  /// Runs all, and goes on behind one that ended the worker.
  private List<Optional<String>> host(List<LitmusTest> tests) throws HostFailure {
    var all = new ArrayList<Optional<String>>();
    while (all.size() < tests.size()) {
      var some = BatchRun.of(tests.subList(all.size(), tests.size()), folder);
      for (var outcome : some) {
        all.add(outcome);
        if (outcome.isEmpty()) {
          break;
        }
      }
    }
    return all;
  }

  /// What differs, if something does.
  Optional<Difference> compare(LitmusTest test) throws HostFailure {
    var model = model(test);
    return model instanceof Alone.TooSmall || model instanceof Alone.Waits
        ? Optional.empty()
        : difference(test, model, host(List.of(test)).getFirst());
  }

  private static Optional<Difference> difference(
      LitmusTest test, Alone model, Optional<String> host) {
    String there = host.orElse("the worker did not come to an end");
    return switch (model) {
      case Alone.TooSmall _, Alone.Waits _ -> Optional.empty();
      case Alone.Violated(var property, var message) ->
          Optional.of(new Difference(test, property + ": " + message, there));
      case Alone.Ended(var outcome) ->
          Comparison.isLike(there, outcome)
              ? Optional.empty()
              : Optional.of(new Difference(test, outcome, there));
    };
  }
}
