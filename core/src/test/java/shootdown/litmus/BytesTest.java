package shootdown.litmus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Files that are no text, or too much of it.
final class BytesTest {
  private static final String TEXT = "MM t\n{ }\nP0() { }\n";

  private static String rejected(byte[] bytes) {
    return assertInstanceOf(ParseResult.Rejected.class, Litmus.parse("t.litmus", bytes)).render();
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void aByteOrderMarkIsNoMistake() {
    byte[] bytes = ("\uFEFF" + TEXT).getBytes(StandardCharsets.UTF_8);
    assertInstanceOf(ParseResult.Parsed.class, Litmus.parse("t.litmus", bytes));
  }

  @Test
  void anotherEncodingIs() {
    assertEquals("t.litmus:2:7: error: the file is not UTF-8\n(* sch\uFFFD\n      ^",
        rejected(latin1("MM t\n(* sch\u00F6n *)\n{ }\nP0() { }\n")));
  }

  @Test
  void aCharacterThatIsCutOffIs() {
    byte[] bytes = "MM t\n// \u00E9".getBytes(StandardCharsets.UTF_8);
    assertEquals("t.litmus:2:4: error: the file is not UTF-8\n// \uFFFD\n   ^",
        rejected(Arrays.copyOf(bytes, bytes.length - 1)));
  }

  @Test
  void aLongFileIsRefused() {
    byte[] braces = new byte[10_000_000];
    Arrays.fill(braces, (byte) '{');
    assertEquals("t.litmus:1:1: error: the file is longer than 65536 characters\n\n^",
        rejected(braces));
    byte[] noText = new byte[10_000_000];
    Arrays.fill(noText, (byte) 0xFF);
    assertEquals("t.litmus:1:1: error: the file is not UTF-8\n\uFFFD\n^", rejected(noText));
  }

  @Test
  void mistakesBeyondTheLimitAreNotListed() {
    ParseResult result =
        Litmus.parse("t.litmus", "MM t\n{ }\nP0()\n{\n" + "  r1 = $;\n".repeat(1_200) + "}\n");
    ParseResult.Rejected rejected = assertInstanceOf(ParseResult.Rejected.class, result);
    assertEquals(Diagnostics.LIMIT, rejected.diagnostics().size());
    assertEquals("too many mistakes: the rest is not listed",
        rejected.diagnostics().getLast().message());
  }

  @Test
  void standardInputHasNoName() {
    assertInstanceOf(ParseResult.Parsed.class, Litmus.parse("-", TEXT));
    assertInstanceOf(ParseResult.Parsed.class, Litmus.parse("<stdin>", TEXT));
    assertInstanceOf(ParseResult.Parsed.class, Litmus.parse("some/where/t.litmus", TEXT));
    assertInstanceOf(ParseResult.Rejected.class, Litmus.parse("some/where/T.litmus", TEXT));
  }
}
