package shootdown.litmus;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The first line of a file, `MM NAME`.
///
/// @param name the test's name; empty after a mistake
/// @param isHeader false if the line seems to belong to the text already
record FirstLine(String name, boolean isHeader) {
  private static final Pattern FORM = Pattern.compile("(\\S+)(?:\\s+(\\S+)(\\s.*)?)?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+_.-]*");
  private static final Set<String> OTHERS = Set.of(
      "C", "LISA", "AArch64", "ARM", "PPC", "RISCV", "X86", "X86_64", "MIPS", "BPF", "ASL");
  private static final int LONGEST_NAME = 100;

  static FirstLine read(String fileName, String line, Diagnostics diagnostics) {
    String text = line.stripTrailing();
    Matcher form = FORM.matcher(text);
    boolean two = form.matches() && form.group(2) != null;
    if (!two || !form.group(1).equals("MM")) {
      boolean other = two && OTHERS.contains(form.group(1));
      diagnostics.add(new Position(1, 1, Math.max(1, text.codePointCount(0, text.length()))),
          other ? "this is a litmus test for '" + form.group(1)
              + "': a test of memory management starts with 'MM NAME'"
              : "the first line must be 'MM NAME'");
      return new FirstLine("", other || two && form.group(3) == null || text.equals("MM"));
    }
    Position at = place(text, form.start(2), form.end(2));
    String name = form.group(2);
    if (form.group(3) != null) {
      diagnostics.add(place(text, form.start(3) + 1, text.length()),
          "nothing may follow the name on the first line");
    } else if (!NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
      diagnostics.add(at, "a name has letters, digits, '+', '-', '_' and '.', at most "
          + LONGEST_NAME);
    } else {
      checkFileName(fileName, name, at, diagnostics);
    }
    return new FirstLine(name, true);
  }

  private static void checkFileName(
      String fileName, String name, Position at, Diagnostics diagnostics) {
    if (fileName.equals("-") || fileName.startsWith("<")) {
      return;
    }
    int slash = Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\'));
    String last = fileName.substring(slash + 1);
    if (!last.equals(name + ".litmus")) {
      diagnostics.add(at, "the test is called " + Token.quoted(name) + " but its file "
          + Token.quoted(last) + ": it must be " + Token.quoted(name + ".litmus"));
    }
  }

  private static Position place(String text, int start, int end) {
    return new Position(1, text.codePointCount(0, start) + 1, text.codePointCount(start, end));
  }
}
