package shootdown.host.compare;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import shootdown.host.compare.Confirmation.Finding.Counted;
import shootdown.host.compare.Confirmation.Finding.Explored;
import shootdown.host.compare.Confirmation.Finding.NotRun;

/// What a model and real kernels, with and without a fix, say about one suspicion, and what follows
/// from it.
///
/// @param rows in the order in which they are shown
public record Confirmation(List<Row> rows) {
  /// A control that spent less than this part of the case's time in the window is none. One that
  /// does not wait spends a thousandth; times of an emulator on a busy machine differ by a factor.
  private static final double SAME_DELAY = 0.2;

  /// So often a control must have been expected to show it, if its zero is to mean anything.
  private static final double EXPECTED = 3;

  public Confirmation {
    rows = List.copyOf(rows);
  }

  /// One thing that was looked at.
  ///
  /// @param kernel its name, for the reader
  public record Row(Where where, Role role, String kernel, Finding finding) {}

  /// Where something was looked at.
  public enum Where {
    MODEL("model"),
    HOST("host"),
    GUEST("guest");

    private final String label;

    Where(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /// What a row is in the argument.
  public enum Role {
    /// the fix is taken out: the case
    WITHOUT,
    /// the fix is there: the control
    WITH,
    /// which it is, nobody says: a release of the model
    OPEN,
    /// on a machine of which no kernel is run here
    ELSEWHERE
  }

  /// What was found.
  public sealed interface Finding {
    /// By the model.
    ///
    /// @param isShown whether it goes wrong there
    /// @param complete whether all interleavings were looked at
    /// @param text in the words of a `Result:` line
    record Explored(boolean isShown, boolean complete, String text) implements Finding {}

    /// By running it.
    ///
    /// @param times rounds in which it went wrong
    /// @param rounds all rounds
    /// @param window milliseconds in the window each time; empty if nobody measured it
    record Counted(long times, long rounds, OptionalDouble window) implements Finding {}

    /// It could not be run.
    record NotRun(String why) implements Finding {}
  }

  /// What follows.
  public enum Answer {
    /// seen without the fix, not seen with it, under the same delay; the model says the same
    CONFIRMED,
    /// a kernel with the fix shows it
    CONTRADICTED,
    /// it was not seen, or the model says that there is nothing to be seen
    NOT_SEEN,
    /// what would decide it could not be run
    NOT_RUN
  }

  /// An answer and the sentence that says why.
  public record Verdict(Answer answer, String sentence) {}

  /// What follows from all rows.
  public Verdict verdict() {
    var wrong = first(Role.WITH, counted -> counted.times() > 0);
    if (wrong.isPresent() && modelHasAFixedRelease()) {
      return new Verdict(
          Answer.CONTRADICTED,
          "contradicted: " + wrong.get().kernel() + " shows it in " + count(wrong.get())
              + ", and the model says that the fix rules it out");
    }
    boolean modelShows = rows.stream().anyMatch(r -> r.role() == Role.OPEN && isShown(r));
    var without = first(Role.WITHOUT, counted -> counted.times() > 0);
    if (without.isEmpty()) {
      return notSeen(modelShows);
    }
    if (!modelShows) {
      return new Verdict(
          Answer.CONTRADICTED,
          "contradicted: " + without.get().kernel() + " shows it in " + count(without.get())
              + ", and the model shows it nowhere");
    }
    return control(without.get());
  }

  private boolean modelHasAFixedRelease() {
    return rows.stream()
        .anyMatch(
            r ->
                r.role() == Role.OPEN
                    && r.finding() instanceof Explored e
                    && e.complete()
                    && !e.isShown());
  }

  private static boolean isShown(Row row) {
    return row.finding() instanceof Explored explored && explored.isShown();
  }

  /// Where it needs another machine, for the end of a sentence.
  private String elsewhere() {
    return rows.stream()
        .filter(r -> r.role() == Role.ELSEWHERE && isShown(r))
        .findFirst()
        .map(r -> "; it shows it on others (" + r.kernel() + "), of which no guest can be run here")
        .orElse("");
  }

  private Verdict notSeen(boolean modelShows) {
    var ran =
        rows.stream()
            .filter(r -> r.role() == Role.WITHOUT && r.finding() instanceof Counted)
            .findFirst();
    if (ran.isPresent()) {
      return new Verdict(
          Answer.NOT_SEEN,
          "not confirmed: " + ran.get().kernel() + " shows it in " + count(ran.get()) + ", and the "
              + (modelShows
                  ? "model does: not seen is no proof of anything"
                  : "model shows it nowhere on this machine: they agree" + elsewhere()));
    }
    var why =
        rows.stream()
            .filter(r -> r.where() == Where.GUEST)
            .flatMap(r -> r.finding() instanceof NotRun(var reason) ? Optional.of(reason).stream()
                : Optional.<String>empty().stream())
            .findFirst()
            .orElse("nothing is known of how to take the fix out");
    return new Verdict(
        Answer.NOT_RUN, "not confirmed: no kernel without the fix could be run here: " + why);
  }

  /// The case is there; is there a control, and did it take the same delay?
  private Verdict control(Row without) {
    var window = ((Counted) without.finding()).window();
    var controls =
        rows.stream()
            .filter(r -> r.where() == Where.GUEST && r.role() == Role.WITH)
            .filter(r -> r.finding() instanceof Counted)
            .toList();
    if (controls.isEmpty()) {
      return new Verdict(
          Answer.NOT_RUN,
          "not confirmed: " + without.kernel() + " shows it in " + count(without)
              + ", and no guest with the fix could be run beside it");
    }
    var quick = controls.stream().filter(r -> !isAsLong(r, window)).findFirst();
    if (quick.isPresent()) {
      return new Verdict(
          Answer.NOT_SEEN,
          "not confirmed: " + quick.get().kernel() + " did not spend as long in the window as "
              + without.kernel() + ": its zero proves nothing");
    }
    var few = controls.stream().filter(r -> !isLongEnough(r, without)).findFirst();
    if (few.isPresent()) {
      return new Verdict(
          Answer.NOT_SEEN,
          "not confirmed: " + without.kernel() + " shows it in " + count(without)
              + ", which is too rare for " + count(few.get()) + " of " + few.get().kernel()
              + " to prove anything; give it more --time");
    }
    return new Verdict(
        Answer.CONFIRMED,
        "confirmed: " + without.kernel() + " shows it in " + count(without) + ", "
            + controls.stream().map(r -> r.kernel() + " in " + count(r))
                .collect(Collectors.joining(", "))
            + delay(window)
            + "; the model says the same");
  }

  /// How many rounds a control needs, twice as many as are looked for in [#verdict].
  ///
  /// @param times how often the case showed it, not 0
  /// @param rounds in so many rounds
  public static long roundsOfControl(long times, long rounds) {
    return (long) Math.ceil(2 * EXPECTED * rounds / times);
  }

  /// Whether the control would have shown it, were it as the case: e^-3 is 5 %.
  private static boolean isLongEnough(Row control, Row without) {
    var its = (Counted) control.finding();
    var shown = (Counted) without.finding();
    return (double) shown.times() / shown.rounds() * its.rounds() >= EXPECTED;
  }

  private static String delay(OptionalDouble window) {
    return window.isPresent() ? ", under the same delay" : "";
  }

  private static boolean isAsLong(Row control, OptionalDouble window) {
    var its = ((Counted) control.finding()).window();
    return window.isEmpty()
        || its.isPresent() && its.getAsDouble() >= SAME_DELAY * window.getAsDouble();
  }

  private Optional<Row> first(Role role, Predicate<Counted> fits) {
    return rows.stream()
        .filter(r -> r.role() == role)
        .filter(r -> r.where() != Where.MODEL)
        .filter(r -> r.finding() instanceof Counted counted && fits.test(counted))
        .findFirst();
  }

  private static String count(Row row) {
    return text(row.finding());
  }

  /// A finding in a table: `Sometimes, lost write`; `194 of 200 rounds`; `not available: …`.
  public static String text(Finding finding) {
    return switch (finding) {
      case Explored(_, var complete, var text) -> text + (complete ? "" : " (not all explored)");
      case Counted(long times, long rounds, _) ->
          String.format(Locale.ROOT, "%,d of %,d rounds", times, rounds);
      case NotRun(var why) -> "not available: " + why;
    };
  }

  /// The time spent in the window each time, in a table.
  public static String window(Finding finding) {
    return finding instanceof Counted(_, _, var window) && window.isPresent()
        ? String.format(Locale.ROOT, "%.2f ms", window.getAsDouble())
        : "";
  }
}
