package shootdown.litmus;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/// The litmus files among the test resources, and what tests do with them.
final class Samples {
  static final List<String> NAMES = List.of(
      "everything", "mremap+mkclean", "futex-requeue", "oracles-only", "smallest");

  private static final Pattern POSITION = Pattern.compile("at=\\d+:\\d+");

  private Samples() {}

  static String text(String name) {
    try (InputStream in = Samples.class.getResourceAsStream(name + ".litmus")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static LitmusTest test(String name) {
    return parsed(name + ".litmus", text(name));
  }

  static LitmusTest parsed(String fileName, String text) {
    return switch (Litmus.parse(fileName, text)) {
      case ParseResult.Parsed(var test, _) -> test;
      case ParseResult.Rejected rejected -> fail(rejected.render());
    };
  }

  /// The tree as text, without its positions.
  static String tree(LitmusTest test) {
    return POSITION.matcher(test.toString()).replaceAll("");
  }
}
