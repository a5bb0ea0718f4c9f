package shootdown.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the comment that stands before the initial state.
final class HeaderPrinter {
  private HeaderPrinter() {}

  /// The comment with its ends of line; empty if there is nothing to say.
  static String lines(Header header) {
    List<String> lines = new ArrayList<>();
    if (!header.comment().isEmpty()) {
      lines.addAll(List.of(header.comment().split("\n", -1)));
    }
    List<String> facts = Stream.concat(
        header.fixes().stream().map(HeaderPrinter::fix),
        header.results().stream().map(HeaderPrinter::result)).toList();
    if (!lines.isEmpty() && !facts.isEmpty()) {
      lines.add("");
    }
    lines.addAll(facts);
    if (lines.isEmpty()) {
      return "";
    }
    boolean endsBlock = lines.stream().anyMatch(line -> line.contains("*)"));
    return endsBlock ? asLineComments(lines) : asBlockComment(lines);
  }

  private static String asBlockComment(List<String> lines) {
    return lines.stream()
        .map(line -> line.isEmpty() ? " *\n" : " * " + line + "\n")
        .collect(Collectors.joining("", "(*\n", " *)\n"));
  }

  private static String asLineComments(List<String> lines) {
    return lines.stream()
        .map(line -> line.isEmpty() ? "//\n" : "// " + line + "\n")
        .collect(Collectors.joining());
  }

  private static String fix(FixLine fix) {
    return "Fix: " + fix.commit() + " (\"" + fix.title() + "\")";
  }

  /// `Result: v4.9-rc5 Sometimes, lost write`.
  static String result(ResultLine result) {
    List<String> oracles = result.oracles().stream().map(Oracle::label).toList();
    String verdict = result.verdict().label();
    List<String> claims = new ArrayList<>(oracles);
    if (!verdict.isEmpty()) {
      claims.addFirst(verdict);
    }
    return "Result: " + selector(result.release()) + selector(result.machine())
        + String.join(", ", claims);
  }

  private static String selector(Selector selector) {
    return switch (selector) {
      case Selector.Any _ -> "";
      case Selector.Named(var text, _) -> text + " ";
    };
  }
}
