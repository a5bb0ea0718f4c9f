package shootdown.model.mutants;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// `docs/MUTANTS.md`: what became of each mutant, for readers, and for the next campaign, which
/// asks first who caught a mutant the last time.
public final class MutantTable {
  private static final Pattern CAUGHT =
      Pattern.compile("\\| `([^`]+)` \\| [^|]+ \\| `([^`]+)`(?: on ([^ |]+))? \\| .*");

  private static final String HEAD =
      """
      # Mutants

      Written by `./shootdown mutants --write`; do not edit. A mutant is a step of the kernel that
      is switched off: `function/what`, see [ADR 0003](adr/0003-mutants.md). It is caught by a test
      whose outcome differs then. `./shootdown check FILE --mutate NAME` shows how.
      """;

  private MutantTable() {}

  /// One line that sums up: `N of M caught`.
  public static String summary(List<Mutant> mutants, Explanations why) {
    long caught = mutants.stream().filter(Mutant::isCaught).count();
    long explained =
        mutants.stream().filter(m -> !m.isCaught() && why.of(m.site()).isPresent()).count();
    return caught + " of " + mutants.size() + " caught"
        + (caught == mutants.size() ? "" : ", " + explained + " that survive are explained")
        + (caught + explained == mutants.size()
            ? ""
            : ", " + (mutants.size() - caught - explained) + " are not");
  }

  /// The table.
  ///
  /// @param usual the machine that goes without saying
  /// @param missing calls that no test comes by
  public static String of(
      List<Mutant> mutants, Explanations why, String usual, List<String> missing) {
    var text = new ArrayList<String>();
    text.add(HEAD);
    text.add(summary(mutants, why) + ".\n");
    text.add(heading("## Caught", "test | what is otherwise"));
    mutants.stream().filter(Mutant::isCaught).forEach(m -> text.add(caught(m, usual)));
    text.add(heading(
            "\n## Survive",
            "tests that come by, could show it | what happens there (tests) | why"));
    mutants.stream()
        .filter(m -> !m.isCaught())
        .forEach(m -> text.add(survivor(m, why)));
    if (!missing.isEmpty()) {
      text.add(
          "\n## Not run\n\nCalls that could be mutated and that no test comes by; code of older"
              + " releases, for the most part.\n");
      missing.forEach(call -> text.add("- `" + call + "`"));
    }
    return String.join("\n", text) + "\n";
  }

  private static String heading(String title, String columns) {
    int count = 3 + (int) columns.chars().filter(c -> c == '|').count();
    return title + "\n\n| mutant | switched off | " + columns + " |\n" + "|---".repeat(count) + "|";
  }

  private static String caught(Mutant mutant, String usual) {
    var by = mutant.catcher().orElseThrow();
    return "| `" + mutant.site() + "` | " + mutant.kind().words() + " | `" + by.file() + "`"
        + (by.machine().equals(usual) ? "" : " on " + by.machine())
        + " | " + by.how().replace("|", "\\|") + " |";
  }

  private static String survivor(Mutant mutant, Explanations why) {
    var evidence = mutant.evidence().orElseThrow();
    return "| `" + mutant.site() + "` | " + mutant.kind().words()
        + " | " + evidence.all() + ", " + evidence.tried()
        + (mutant.undecided().isEmpty() ? "" : ", " + mutant.undecided().size() + " undecided")
        + " | " + evidence.summary().replace("|", "\\|")
        + " | " + why.of(mutant.site()).orElse("**not explained**").replace("|", "\\|") + " |";
  }

  /// Who caught a mutant, as a table says.
  ///
  /// @param usual the machine that goes without saying
  public static Map<String, Mutant.Catcher> read(List<String> lines, String usual) {
    var catchers = new TreeMap<String, Mutant.Catcher>();
    for (var line : lines) {
      var row = CAUGHT.matcher(line);
      if (row.matches()) {
        catchers.put(
            row.group(1),
            new Mutant.Catcher(row.group(2), row.group(3) == null ? usual : row.group(3), ""));
      }
    }
    return catchers;
  }
}
