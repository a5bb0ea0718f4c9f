package shootdown.litmus;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Reads litmus files.
///
/// Whatever the text, there is an answer: a test, or every mistake of the file.
public final class Litmus {
  /// A longer file is refused unread, in characters.
  public static final int MAX_LENGTH = 1 << 16;

  private Litmus() {}

  /// Reads a test.
  ///
  /// @param fileName the name to print and to compare with the test's; a path's last part counts.
  ///     A name that starts with `<`, or `-`, is that of no file.
  public static ParseResult parse(String fileName, String text) {
    return parse(fileName, text, Examiner.NONE);
  }

  /// Reads a test, and lists with its mistakes those that `examiner` sees.
  public static ParseResult parse(String fileName, String text, Examiner examiner) {
    if (text.length() > MAX_LENGTH) {
      String message = "the file is longer than " + MAX_LENGTH + " characters";
      return rejected(fileName, new Diagnostic(new Position(1, 1, 1), message, ""));
    }
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return new TestParser(fileName, content).parse(examiner);
  }

  /// Reads a test from the bytes of its file, which must be UTF-8.
  public static ParseResult parse(String fileName, byte[] bytes) {
    return parse(fileName, bytes, Examiner.NONE);
  }

  /// As [#parse(String, byte\[\])], and lists with its mistakes those that `examiner` sees.
  public static ParseResult parse(String fileName, byte[] bytes, Examiner examiner) {
    int limit = Math.min(bytes.length, 4 * MAX_LENGTH + 4);
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, limit);
    CharBuffer out = CharBuffer.allocate(limit);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError() && text.length() <= MAX_LENGTH) {
      return notUtf8(fileName, text);
    }
    return parse(fileName, text, examiner);
  }

  private static ParseResult notUtf8(String fileName, String before) {
    List<String> lines = new SourceText(fileName, before).lines();
    String line = lines.getLast();
    Position at = new Position(lines.size(), line.codePointCount(0, line.length()) + 1, 1);
    return rejected(fileName, new Diagnostic(at, "the file is not UTF-8", line + "\uFFFD"));
  }

  private static ParseResult rejected(String fileName, Diagnostic diagnostic) {
    return new ParseResult.Rejected(fileName, List.of(diagnostic));
  }
}
