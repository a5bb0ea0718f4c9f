package shootdown.host.fuzz;

import java.util.Optional;
import shootdown.litmus.Litmus;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.ParseResult;
import shootdown.litmus.Printer;
import shootdown.model.Alone;
import shootdown.model.Checker;

/// Compares a program about huge pages with its twin, which is the same but has none: whether pages
/// are huge is no matter of what a program can see. Both run on the model, so that no other kernel
/// is needed, and every release can be asked.
///
/// The twin asks for small pages where the program asks for huge ones, and does nothing where it
/// collapses. For that to be the same, the program never asks for small ones itself.
public final class SmallTwin {
  private static final String NEVER_USED = "madvise(NULL, 0, MADV_HUGEPAGE)";

  private final String kernel;
  private final Tally tally;

  /// @param kernel the model's
  /// @param tally counts
  public SmallTwin(String kernel, Tally tally) {
    this.kernel = kernel;
    this.tally = tally;
  }

  /// Runs programs `from` … `to`-1 of a seed.
  ///
  /// @param most after so many differences it ends
  /// @param found is given each difference, made as small as can be
  public void run(long seed, long from, long to, long most, Fuzzer.Found found) {
    for (long number = from; number < to && tally.differences() < most; number++) {
      one(HugeGenerator.forTwins(seed, number), found);
    }
  }

  private void one(LitmusTest test, Fuzzer.Found found) {
    switch (run(test)) {
      case Alone.TooSmall(var limit) -> tally.limited(limit);
      case Alone.Waits _ -> tally.waiting();
      case Alone.Violated _, Alone.Ended _ -> {
        var difference = compare(test);
        if (difference.isPresent()) {
          tally.differed();
          found.accept(new Shrinker<RuntimeException>(this::compare).smallest(difference.get()));
        } else {
          tally.agreed();
        }
      }
    }
  }

  /// What differs, if something does: the first is the twin's end.
  Optional<Difference> compare(LitmusTest test) {
    var huge = run(test);
    var small = run(twin(test));
    boolean isLimited =
        huge instanceof Alone.TooSmall || small instanceof Alone.TooSmall;
    return isLimited || huge.equals(small)
        ? Optional.empty()
        : Optional.of(new Difference(test, text(small), text(huge)));
  }

  private Alone run(LitmusTest test) {
    return Alone.run(test, kernel, Checker.DEFAULT_MACHINE);
  }

  private static String text(Alone end) {
    return switch (end) {
      case Alone.Ended(var outcome) -> outcome;
      case Alone.Violated(var property, var message) -> property + ": " + message;
      case Alone.TooSmall(var message) -> message;
      case Alone.Waits _ -> "waits for ever";
    };
  }

  /// The advice that is never used keeps a huge page as large as it was.
  static LitmusTest twin(LitmusTest test) {
    String small =
        Printer.print(test)
            .replace("MADV_HUGEPAGE", "MADV_NOHUGEPAGE")
            .replace("MADV_COLLAPSE", "MADV_NORMAL")
            .replaceFirst("\n}", "\n  " + NEVER_USED + ";\n}");
    return switch (Litmus.parse(test.name() + ".litmus", small)) {
      case ParseResult.Parsed(var twin, _) -> twin;
      case ParseResult.Rejected rejected ->
          throw new IllegalStateException(rejected.render() + "\n" + small);
    };
  }
}
