package shootdown.litmus;

import java.util.ArrayList;
import java.util.List;

/// The text of a litmus file, cut into lines. An end of line is LF, CRLF or CR.
///
/// Keep it with the tree that was read from it: a mistake that only a later stage can see, such as
/// a release that no kernel has, becomes a [Diagnostic] here.
public final class SourceText {
  private final String fileName;
  private final List<String> lines;

  SourceText(String fileName, String text) {
    this.fileName = fileName;
    this.lines = split(text);
  }

  /// The name that the file was read under.
  public String fileName() {
    return fileName;
  }

  /// The lines, without their ends of line.
  public List<String> lines() {
    return lines;
  }

  /// A mistake at a place of this text, most often some node's `at()`.
  ///
  /// @throws IllegalArgumentException if there is no such line
  public Diagnostic diagnostic(Position at, String message) {
    if (at.line() > lines.size()) {
      throw new IllegalArgumentException(fileName + " has no line " + at.line());
    }
    return new Diagnostic(at, message, lines.get(at.line() - 1));
  }

  private static List<String> split(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        lines.add(text.substring(start, i));
        if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          i++;
        }
        start = i + 1;
      }
    }
    lines.add(text.substring(start));
    return List.copyOf(lines);
  }
}
