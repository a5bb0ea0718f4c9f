package shootdown.litmus;

import java.util.List;

/// What the comments of a test say.
///
/// @param comment the text before the initial state, lines separated by `\n`, without decoration
///     and without the lines that became `fixes` and `results`; may be empty
public record Header(String comment, List<FixLine> fixes, List<ResultLine> results) {
  public Header {
    fixes = List.copyOf(fixes);
    results = List.copyOf(results);
  }
}
