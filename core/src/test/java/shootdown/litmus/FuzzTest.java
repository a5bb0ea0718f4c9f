package shootdown.litmus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever the text, the parser answers: with a test that can be printed and read again, or with
/// mistakes that stand inside the file.
final class FuzzTest {
  @Test
  void answersTenThousandMutationsOfTheSamples() {
    mutate(10_000, 20_260_714);
  }

  @Test
  @Tag("slow")
  void answersAHundredThousandMutationsOfTheSamples() {
    mutate(100_000, 20_260_715);
  }

  private static void mutate(int files, long randomSeed) {
    List<List<String>> seeds =
        Samples.NAMES.stream().map(Samples::text).map(Mutation::tokens).toList();
    Random random = new Random(randomSeed);
    int right = 0;
    for (int i = 0; i < files; i++) {
      // The longest sample costs as much time as all others together.
      List<String> seed = seeds.get(i % 8 == 0 ? 0 : 1 + i % (seeds.size() - 1));
      byte[] bytes = new Mutation(seed, random).apply();
      try {
        right += check(bytes) ? 1 : 0;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + randomSeed + ", file " + i + ":\n" + text(bytes), e);
      }
    }
    int wrong = files - right;
    assertTrue(right > files / 50 && wrong > files / 2, right + " right, " + wrong + " wrong");
  }

  private static boolean check(byte[] bytes) {
    return switch (Litmus.parse("<fuzz>", bytes)) {
      case ParseResult.Parsed(var test, _) -> {
        LitmusTest again = Samples.parsed("<again>", Printer.print(test));
        assertEquals(Samples.tree(test), Samples.tree(again));
        yield true;
      }
      case ParseResult.Rejected rejected -> {
        inside(text(bytes), rejected.diagnostics());
        assertFalse(rejected.render().isEmpty());
        yield false;
      }
    };
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void inside(String text, List<Diagnostic> diagnostics) {
    assertFalse(diagnostics.isEmpty());
    String[] lines = text.split("\r\n|\r|\n", -1);
    Diagnostic last = diagnostics.getFirst();
    for (Diagnostic d : diagnostics) {
      assertTrue(last == d || last.at().compareTo(d.at()) < 0, "sorted, one for a place");
      last = d;
      assertTrue(d.line() <= lines.length, d::toString);
      String line = d.lineText();
      int columns = line.codePointCount(0, line.length());
      assertTrue(d.column() <= columns + 1, d::toString);
      assertTrue(d.column() + d.length() <= columns + 2, d::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "}", "(", ")", "[", "*", "-", "\0", "a", "a ", "1 ", "P0(){", "é",
      "MM t\n{}\nP0(){ if(1)", "(*", "//\n", "\n", "\r", "\t", "\"", "x=mmap(", "r1=", ";", "&",
      "a=b;", "Result:", "(* Result: a,\n", "P0(){} ", "exists (", "~", "0:r1=1 /\\ ", "/\\", "A",
      "if(1){}else ", "MADV_FOO ", "fork(P1);", "\uD834", "\uD834\uDD1E", "1+", "f(f,", "=", "&&x"})
  void answersQuicklyToAnythingRepeated(String piece) {
    for (String before : List.of("", "MM t\n{}\n", "MM t\n{\n", "MM t\n{}\nP0()\n{\n",
        "MM t\n{}\nP0() { r1 = ", "MM t\n{}\nP0() {}\nexists (", "MM t\n(*\n")) {
      int times = (Litmus.MAX_LENGTH / 4 - before.length()) / piece.length();
      String text = before + piece.repeat(times);
      assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
        if (Litmus.parse("t.litmus", text) instanceof ParseResult.Rejected rejected) {
          inside(text, rejected.diagnostics());
          rejected.render();
        }
      });
    }
  }
}
