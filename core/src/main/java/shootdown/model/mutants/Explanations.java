package shootdown.model.mutants;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Why mutants survive, as a file says it: names of mutants, and below them, indented, the reason.
///
/// ```text
/// # remarks and blank lines
/// remove_mapping/i_pages
///   The page lock keeps out all who could insert or remove this page.
/// */F_mapcount.add
///   A `*` stands for any function.
/// ```
public final class Explanations {
  private final SortedMap<String, String> reasons = new TreeMap<>();

  private Explanations() {}

  /// Reads a file.
  ///
  /// @throws IllegalArgumentException with the number of a line that is neither
  public static Explanations of(List<String> lines) {
    var read = new Explanations();
    var names = new ArrayList<String>();
    boolean ended = true;
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      if (line.isBlank() || line.startsWith("#")) {
        ended = true;
      } else if (line.startsWith(" ") && !names.isEmpty()) {
        names.forEach(name -> read.reasons.merge(name, line.strip(), (a, b) -> a + " " + b));
        ended = true;
      } else if (line.matches("\\S+/\\S+")) {
        if (ended) {
          names.clear();
          ended = false;
        }
        names.add(line);
      } else {
        throw new IllegalArgumentException(
            "line " + (i + 1) + " is neither a mutant's name nor an indented reason: " + line);
      }
    }
    return read;
  }

  /// Why a mutant survives, if that is known: its own reason before one for any function.
  public Optional<String> of(String site) {
    return Optional.ofNullable(reasons.get(site))
        .or(
            () ->
                reasons.entrySet().stream()
                    .filter(e -> e.getKey().startsWith("*/"))
                    .filter(e -> site.endsWith(e.getKey().substring(1)))
                    .map(Map.Entry::getValue)
                    .findFirst());
  }

  /// Names that explain none of these survivors: of mutants that are caught, or are no more.
  public List<String> unusedBy(List<String> survivors) {
    return reasons.keySet().stream()
        .filter(name -> survivors.stream().noneMatch(pattern(name).asMatchPredicate()))
        .toList();
  }

  private static Pattern pattern(String name) {
    return name.startsWith("*/")
        ? Pattern.compile("[^/]*" + Pattern.quote(name.substring(1)))
        : Pattern.compile(Pattern.quote(name));
  }
}
