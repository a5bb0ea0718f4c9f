package shootdown.litmus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import shootdown.litmus.ResultLine.Verdict;

/// Reads `Result: [RELEASE] [MACHINE] VERDICT[, ORACLE...]`, or oracles alone.
final class ResultParser {
  private static final String VERDICTS = "Never, Sometimes, Always, Unknown, Clean";
  private static final Pattern WORD = Pattern.compile("[^\\s,]+|,");
  private static final Pattern LIKE_RELEASE = Pattern.compile("v?[0-9].*|latest([^a-z].*)?");
  private static final Pattern RELEASE = Pattern.compile(
      "(v[0-9]+(\\.[0-9]+){1,3}(-rc[0-9]+)?|latest)([+-][0-9a-f]{12}(~[a-z][a-z0-9]*)?)*");
  private static final Pattern MACHINE = Pattern.compile("[a-z][a-z0-9_.-]*");

  /// A word of the line, or a comma.
  private record Word(String text, Position at) {}

  private final Diagnostics diagnostics;
  private final List<Word> words = new ArrayList<>();
  private final Position line;
  private int index;

  /// @param lines the first one starts with `Result:`
  ResultParser(List<CommentLine> lines, Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
    for (CommentLine line : lines) {
      Matcher matcher = WORD.matcher(line.text());
      while (matcher.find()) {
        int length = matcher.end() - matcher.start();
        words.add(new Word(matcher.group(), line.at(matcher.start(), length)));
      }
    }
    // "Result:" may be glued to the next word.
    Word first = words.getFirst();
    int colon = first.text().indexOf(':') + 1;
    line = new Position(first.at().line(), first.at().column(), colon);
    if (first.text().length() == colon) {
      words.removeFirst();
    } else {
      Position rest = new Position(
          line.line(), line.column() + colon, first.at().length() - colon);
      words.set(0, new Word(first.text().substring(colon), rest));
    }
  }

  /// The result; empty after a mistake.
  Optional<ResultLine> read() {
    Selector release = release();
    Selector machine = machine();
    if (index == words.size()) {
      report(index == 0 ? line : words.getLast().at(),
          "expected " + VERDICTS + " or an oracle at the end of this line");
      return Optional.empty();
    }
    Optional<Verdict> verdict = verdict();
    Optional<List<Oracle>> oracles = verdict.isPresent() ? furtherOracles() : oracles();
    if (oracles.isEmpty()) {
      return Optional.empty();
    }
    Verdict stated = verdict.orElse(Verdict.VIOLATED);
    if (stated == Verdict.CLEAN && !oracles.get().isEmpty()) {
      report(words.getLast().at(), "'Clean' means that no oracle is violated");
    }
    return Optional.of(new ResultLine(release, machine, stated, oracles.get(),
        line.to(words.getLast().at())));
  }

  private Selector release() {
    if (index == words.size() || !LIKE_RELEASE.matcher(words.get(index).text()).matches()) {
      return new Selector.Any();
    }
    Word word = words.get(index++);
    if (!RELEASE.matcher(word.text()).matches()) {
      report(word.at(), "a release is vX.Y, vX.Y.Z, vX.Y-rcN or latest, with +commit or "
          + "-commit (12 hexadecimal digits) behind it");
    }
    return new Selector.Named(word.text(), word.at());
  }

  /// A machine is a word that another word follows; which machines there are is not known here.
  private Selector machine() {
    if (index + 1 >= words.size() || isComma(index + 1)
        || verdictOf(words.get(index)).isPresent() || oracleAt(index).isPresent()
        || !MACHINE.matcher(words.get(index).text()).matches()) {
      return new Selector.Any();
    }
    boolean sure = verdictOf(words.get(index + 1)).isPresent() || oracleAt(index + 1).isPresent();
    if (!sure && !Suggestion.of(upToComma(index), Oracle.labels()).isEmpty()) {
      return new Selector.Any();
    }
    Word word = words.get(index++);
    return new Selector.Named(word.text(), word.at());
  }

  private Optional<Verdict> verdict() {
    Optional<Verdict> verdict = verdictOf(words.get(index));
    if (verdict.isPresent()) {
      index++;
    }
    return verdict;
  }

  private static Optional<Verdict> verdictOf(Word word) {
    return Arrays.stream(Verdict.values()).filter(v -> v.label().equals(word.text())).findFirst();
  }

  private Optional<List<Oracle>> furtherOracles() {
    if (index == words.size()) {
      return Optional.of(List.of());
    }
    Word comma = words.get(index);
    if (!comma.text().equals(",")) {
      report(comma.at(), "expected ',' and an oracle, or the end of the line, found "
          + Token.quoted(comma.text()));
      return Optional.empty();
    }
    index++;
    return oracles();
  }

  private Optional<List<Oracle>> oracles() {
    List<Oracle> oracles = new ArrayList<>();
    while (true) {
      if (index == words.size()) {
        report(words.getLast().at(), "expected an oracle after ','");
        return Optional.empty();
      }
      Optional<Oracle> oracle = oracleAt(index);
      if (oracle.isEmpty()) {
        unknown(oracles.isEmpty() && (index == 0 || !isComma(index - 1)));
        return Optional.empty();
      }
      oracles.add(oracle.get());
      index += oracle.get().label().split(" ").length;
      if (index == words.size()) {
        return Optional.of(oracles);
      }
      index++;
    }
  }

  private boolean isComma(int at) {
    return words.get(at).text().equals(",");
  }

  /// The oracle that the words up to the next comma name.
  private Optional<Oracle> oracleAt(int start) {
    return Oracle.of(upToComma(start));
  }

  private String upToComma(int start) {
    List<String> label = new ArrayList<>();
    for (int i = start; i < words.size() && !isComma(i); i++) {
      label.add(words.get(i).text());
    }
    return String.join(" ", label);
  }

  private void unknown(boolean mayBeVerdict) {
    String label = upToComma(index);
    if (label.isEmpty()) {
      report(words.get(index).at(), "expected an oracle, found ','");
      return;
    }
    List<String> known = new ArrayList<>(Oracle.labels());
    if (mayBeVerdict) {
      known.addAll(List.of("Never", "Sometimes", "Always", "Unknown", "Clean"));
    }
    Position last = words.get(index + label.split(" ").length - 1).at();
    String expected = mayBeVerdict
        ? "expected " + VERDICTS + " or an oracle, found " : "unknown oracle ";
    report(words.get(index).at().to(last),
        expected + Token.quoted(label) + Suggestion.of(label, known));
  }

  private void report(Position at, String message) {
    diagnostics.add(at, message);
  }
}
