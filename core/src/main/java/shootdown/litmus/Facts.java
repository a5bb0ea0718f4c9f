package shootdown.litmus;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Finds the `Fix:` and `Result:` lines in the comments of a file.
final class Facts {
  private static final String FIX = "Fix:";
  private static final String RESULT = "Result:";
  private static final Pattern NEARLY_RESULT = Pattern.compile("results? ?:.*");
  private static final Pattern FIX_FORM = Pattern.compile("([0-9a-f]{12}) +\\(\"(.+)\"\\)");
  private static final int LONGEST = 1_000;
  private static final int MOST_LINES = 4;

  private final Diagnostics diagnostics;
  private final List<FixLine> fixes = new ArrayList<>();
  private final List<ResultLine> results = new ArrayList<>();
  private final Set<String> stated = new HashSet<>();

  Facts(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /// @param heading the comment lines before the initial state
  /// @param inner all others
  Header read(List<CommentLine> heading, List<CommentLine> inner) {
    String comment = withoutFacts(heading).stream().collect(Collectors.joining("\n"));
    withoutFacts(inner);
    return new Header(withoutBlankEnds(comment), fixes, results);
  }

  private static String withoutBlankEnds(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && text.charAt(start) == '\n') {
      start++;
    }
    while (end > start && text.charAt(end - 1) == '\n') {
      end--;
    }
    return text.substring(start, end);
  }

  private List<String> withoutFacts(List<CommentLine> lines) {
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String text = lines.get(i).text().stripLeading();
      if (text.startsWith(FIX)) {
        i += fix(lines.subList(i, Math.min(lines.size(), i + MOST_LINES)));
      } else if (text.startsWith(RESULT)) {
        i += result(lines.subList(i, Math.min(lines.size(), i + MOST_LINES)));
      } else {
        rest.add(lines.get(i).text());
        checkSpelling(lines.get(i), text);
      }
    }
    return rest;
  }

  private void checkSpelling(CommentLine line, String text) {
    if (text.length() <= LONGEST
        && NEARLY_RESULT.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
      int start = line.text().length() - text.length();
      diagnostics.add(line.at(start, text.indexOf(':') + 1), "write 'Result:'");
    }
  }

  private boolean isTooLong(CommentLine line) {
    boolean tooLong = line.text().length() > LONGEST;
    if (tooLong) {
      diagnostics.add(line.at(0, 1), "this line is longer than " + LONGEST + " characters");
    }
    return tooLong;
  }

  /// Reads a fix; its title may go on in the next lines. Returns how many of those.
  private int fix(List<CommentLine> lines) {
    CommentLine first = lines.getFirst();
    if (isTooLong(first)) {
      return 0;
    }
    int start = first.text().indexOf(FIX);
    String text = first.text().substring(start + FIX.length()).strip();
    int more = 0;
    while (text.contains("(\"") && !text.endsWith("\")") && more + 1 < lines.size()
        && isContinuation(lines.get(more + 1))) {
      more++;
      text += " " + lines.get(more).text().strip();
    }
    Matcher form = FIX_FORM.matcher(text);
    Position at = first.at(start, first.text().length() - start);
    if (form.matches()) {
      fixes.add(new FixLine(form.group(1), form.group(2), at));
      return more;
    }
    diagnostics.add(at, "expected Fix: and 12 hexadecimal digits (\"title\")");
    return 0;
  }

  /// Reads a result; after a comma it may go on in the next line. Returns how many of those.
  private int result(List<CommentLine> lines) {
    if (isTooLong(lines.getFirst())) {
      return 0;
    }
    int more = 0;
    while (lines.get(more).text().endsWith(",") && more + 1 < lines.size()
        && isContinuation(lines.get(more + 1))) {
      more++;
    }
    new ResultParser(lines.subList(0, more + 1), diagnostics).read().ifPresent(this::add);
    return more;
  }

  private static boolean isContinuation(CommentLine line) {
    String text = line.text().stripLeading();
    return !text.isEmpty() && text.length() <= LONGEST
        && !text.startsWith(FIX) && !text.startsWith(RESULT);
  }

  private void add(ResultLine result) {
    String about = text(result.release()) + " " + text(result.machine());
    if (!stated.add(about)) {
      diagnostics.add(result.at(), "there is a result for the same release and machine already");
    }
    results.add(result);
  }

  private static String text(Selector selector) {
    return switch (selector) {
      case Selector.Any _ -> "";
      case Selector.Named(var text, _) -> text;
    };
  }
}
