package shootdown.litmus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Wrong files, each with exactly what is said about it: the cases stand in `diagnostics.txt`,
/// which `-Dgoldens=rewrite` writes anew. A case is a title, a text and the rendered mistakes.
final class DiagnosticsTest {
  private static final Path FILE = Path.of("src/test/resources/shootdown/litmus/diagnostics.txt");

  record Case(String title, String text, String expected) {
    @Override
    public String toString() {
      return title;
    }
  }

  static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    for (String block : Files.readString(FILE).split("(?m)^==== ")) {
      if (!block.isEmpty()) {
        int title = block.indexOf('\n');
        int bar = block.indexOf("----\n", title);
        cases.add(new Case(block.substring(0, title), block.substring(title + 1, bar),
            block.substring(bar + 5)));
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void saysWhatIsWrong(Case wrong) {
    assertEquals(wrong.expected(), rendered(wrong));
  }

  @Test
  void casesAreThere() throws IOException {
    assertTrue(cases().size() > 60, "the cases were not read");
    if (System.getProperty("goldens", "").equals("rewrite")) {
      StringBuilder all = new StringBuilder();
      for (Case one : cases()) {
        all.append("==== ").append(one.title()).append('\n').append(one.text())
            .append("----\n").append(rendered(one));
      }
      Files.writeString(FILE, all);
    }
  }

  private static String rendered(Case wrong) {
    return switch (Litmus.parse("t.litmus", wrong.text())) {
      case ParseResult.Parsed _ -> "nothing\n";
      case ParseResult.Rejected rejected -> {
        assertFalse(rejected.diagnostics().isEmpty());
        yield rejected.render() + "\n";
      }
    };
  }
}
