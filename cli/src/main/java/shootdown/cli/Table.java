package shootdown.cli;

import java.util.ArrayList;
import java.util.List;

/// Rows of words in aligned columns; the last column is as wide as it likes.
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /// One more row: of as many cells as the first one.
  Table row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /// A row a line, no blanks at the end of one.
  List<String> lines() {
    return rows.stream().map(this::line).toList();
  }

  private String line(List<String> cells) {
    var line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(cells.get(i));
      if (i + 1 < cells.size()) {
        line.append(" ".repeat(width(i) - length(cells.get(i)) + 2));
      }
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    return rows.stream().mapToInt(cells -> length(cells.get(column))).max().orElse(0);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
