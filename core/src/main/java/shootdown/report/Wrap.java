package shootdown.report;

import java.util.ArrayList;
import java.util.List;

/// Breaks a text into lines: at blanks where it can, else behind punctuation, else within a name
/// behind an underscore, else anywhere. No character but blanks is lost. A column is one code
/// point.
final class Wrap {
  private static final String PUNCTUATION = "|,;()/>=";

  private Wrap() {}

  /// @param first columns of the first line, at least 1
  /// @param others columns of the lines that follow, at least 1
  /// @return at least one line; leading blanks of the text are kept, none stand at a line's end
  static List<String> lines(String text, int first, int others) {
    int[] rest = printable(text).stripTrailing().codePoints().toArray();
    var lines = new ArrayList<String>();
    int from = 0;
    int width = first;
    while (rest.length - from > width) {
      int to = breakAt(rest, from, width);
      lines.add(new String(rest, from, to - from).stripTrailing());
      from = to;
      while (from < rest.length && rest[from] == ' ') {
        from++;
      }
      width = others;
    }
    lines.add(new String(rest, from, rest.length - from));
    return lines;
  }

  static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  /// Where the next line begins: after `from`, at most `width` further.
  private static int breakAt(int[] text, int from, int width) {
    int inked = from;
    while (inked < from + width && text[inked] == ' ') {
      inked++;
    }
    int blank = -1;
    int mark = -1;
    int underscore = -1;
    for (int i = inked + 1; i <= from + width; i++) {
      if (text[i] == ' ') {
        blank = i;
      } else if (PUNCTUATION.indexOf(text[i - 1]) >= 0) {
        mark = i;
      } else if (text[i - 1] == '_') {
        underscore = i;
      }
    }
    if (blank - from >= width / 2 || blank >= 0 && mark < 0) {
      return blank;
    }
    int within = underscore >= 0 ? underscore : from + width;
    return mark >= 0 ? mark : within;
  }

  /// Ends of line and tabs become blanks, other control characters U+FFFD.
  private static String printable(String text) {
    return text.replaceAll("\\s", " ").replaceAll("\\p{Cntrl}", "\uFFFD");
  }
}
