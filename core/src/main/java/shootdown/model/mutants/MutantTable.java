package shootdown.model.mutants;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import shootdown.model.Checker;
import shootdown.sched.Mutation;

/// `docs/MUTANTS.md`: what became of each mutant, for readers, and for the next campaign, which
/// asks first who caught a mutant the last time.
public final class MutantTable {
  private static final Pattern CAUGHT =
      Pattern.compile(
          "\\| `([^`]+)` \\| [^|]+ \\| `([^`]+)`(?: on ([^ |]+))?(?: at ([^ |]+))? \\| .*");

  private static final String HEAD =
      """
      # Mutants

      Written by `./shootdown mutants --write`; do not edit. A mutant is a step of the kernel that
      is switched off: `function/what`, see [ADR 0003](adr/0003-mutants.md). It is caught by a test
      whose outcome differs then. `./shootdown check FILE --mutate NAME` shows how.
      """;

  private static final String RATES =
      """
      A survivor never does anything if, in the state spaces of all tests that come by, each
      explored to its end, nothing happens that its step could be there for: the mutant is
      equivalent to the kernel there. Any other survivor has an effect on states, but on no outcome.
      """;

  private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| .*");
  private static final String CALL = "- `";

  private MutantTable() {}

  /// One line that sums up: `N of M caught`. Rates are whole percents that are reached.
  public static String summary(List<Mutant> mutants, Explanations why) {
    var survivors = rows(mutants, false);
    return summary(mutants.size() - survivors.size(), survivors, why);
  }

  private static String summary(
      int caught, SortedMap<String, String> survivors, Explanations why) {
    int all = caught + survivors.size();
    if (caught == all) {
      return caught + " of " + all + " caught";
    }
    long explained = survivors.keySet().stream().filter(n -> why.of(n).isPresent()).count();
    long equivalent = survivors.values().stream().filter(MutantTable::isEquivalent).count();
    return caught + " of " + all + " caught (" + percent(caught, all) + "), "
        + explained + " that survive are explained, "
        + (all - caught - explained) + " are not; "
        + equivalent + " that survive never do anything: of the others "
        + caught + " of " + (all - equivalent) + " are caught"
        + (all == equivalent ? "" : " (" + percent(caught, all - equivalent) + ")");
  }

  private static String percent(long some, long all) {
    return 100 * some / all + " %";
  }

  /// Whether the row of a survivor says that nothing ever happens that its site could be there for.
  private static boolean isEquivalent(String row) {
    return Arrays.stream(Mutation.Kind.values()).map(Evidence::never).anyMatch(row::endsWith);
  }

  /// The table of a whole campaign.
  ///
  /// @param usual the machine that goes without saying
  /// @param missing calls that no test comes by
  public static String of(
      List<Mutant> mutants, Explanations why, List<String> missing) {
    return text(rows(mutants, true), rows(mutants, false), why, missing);
  }

  /// A table as it was, with those mutants anew that were run, and without those that there are no
  /// more.
  ///
  /// @param old its lines
  /// @param exists whether there is a mutant of a name
  public static String with(
      List<Mutant> mutants, Explanations why, List<String> old, Predicate<String> exists) {
    var caught = new TreeMap<String, String>();
    var survivors = new TreeMap<String, String>();
    for (var line : old) {
      var row = ROW.matcher(line);
      if (row.matches() && exists.test(row.group(1))) {
        boolean isCaught = CAUGHT.matcher(line).matches();
        (isCaught ? caught : survivors)
            .put(row.group(1), isCaught ? line : line.replaceFirst(" \\| [^|]* \\|$", ""));
      }
    }
    for (var mutant : mutants) {
      caught.remove(mutant.site());
      survivors.remove(mutant.site());
    }
    caught.putAll(rows(mutants, true));
    survivors.putAll(rows(mutants, false));
    return text(
        caught,
        survivors,
        why,
        old.stream()
            .filter(line -> line.startsWith(CALL))
            .map(line -> line.substring(CALL.length(), line.length() - 1))
            .toList());
  }

  private static SortedMap<String, String> rows(
      List<Mutant> mutants, boolean caught) {
    var rows = new TreeMap<String, String>();
    for (var mutant : mutants) {
      if (mutant.isCaught() == caught) {
        rows.put(mutant.site(), caught ? caught(mutant) : survivor(mutant));
      }
    }
    return rows;
  }

  private static String text(
      SortedMap<String, String> caught,
      SortedMap<String, String> survivors,
      Explanations why,
      List<String> missing) {
    var text = new ArrayList<String>();
    text.add(HEAD);
    text.add(summary(caught.size(), survivors, why) + ".\n");
    text.add(RATES);
    text.add(heading("## Caught", "test | what is otherwise"));
    text.addAll(caught.values());
    text.add(
        heading(
            "\n## Survive",
            "tests that come by, could show it | what happens there (tests) | why"));
    survivors.forEach(
        (name, row) -> {
          var reason = why.of(name).orElse("**not explained**");
          text.add(row + " | " + reason.replace("|", "\\|") + " |");
        });
    if (!missing.isEmpty()) {
      text.add(
          "\n## Not run\n\nCalls that could be mutated and that no test comes by; code of older"
              + " releases, for the most part.\n");
      missing.forEach(call -> text.add(CALL + call + "`"));
    }
    return String.join("\n", text) + "\n";
  }

  private static String heading(String title, String columns) {
    int count = 3 + (int) columns.chars().filter(c -> c == '|').count();
    return title + "\n\n| mutant | switched off | " + columns + " |\n" + "|---".repeat(count) + "|";
  }

  private static String caught(Mutant mutant) {
    var by = mutant.catcher().orElseThrow();
    return "| `" + mutant.site() + "` | " + mutant.kind().words() + " | `" + by.file() + "`"
        + by.where() + " | " + by.how().replace("|", "\\|") + " |";
  }

  /// All but the reason.
  private static String survivor(Mutant mutant) {
    var evidence = mutant.evidence().orElseThrow();
    return "| `" + mutant.site() + "` | " + mutant.kind().words()
        + " | " + evidence.all() + ", " + evidence.tried()
        + (mutant.undecided().isEmpty() ? "" : ", " + mutant.undecided().size() + " undecided")
        + " | " + evidence.summary().replace("|", "/");
  }

  /// Who caught a mutant, as a table says.
  public static Map<String, Mutant.Catcher> read(List<String> lines) {
    var catchers = new TreeMap<String, Mutant.Catcher>();
    for (var line : lines) {
      var row = CAUGHT.matcher(line);
      if (row.matches()) {
        catchers.put(
            row.group(1),
            new Mutant.Catcher(
                row.group(2),
                Objects.requireNonNullElse(row.group(3), Checker.DEFAULT_MACHINE),
                Objects.requireNonNullElse(row.group(4), Checker.DEFAULT_KERNEL),
                ""));
      }
    }
    return catchers;
  }
}
