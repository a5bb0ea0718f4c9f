package shootdown.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Compares a text with the file that holds what is expected.
///
/// `./shootdown test -pl core -am -Dgolden.update=true` rewrites the files; continuous integration,
/// where the environment has `CI`, refuses to.
final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/shootdown/report");

  private Golden() {}

  static void check(String name, String text) {
    Path file = FOLDER.resolve(name);
    try {
      if (Boolean.getBoolean("golden.update")) {
        update(file, text);
      }
      assertEquals(Files.exists(file) ? Files.readString(file) : "(no file)", text, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void update(Path file, String text) throws IOException {
    if (System.getenv("CI") != null) {
      throw new AssertionError("continuous integration does not rewrite what is expected");
    }
    Files.createDirectories(FOLDER);
    Files.writeString(file, text);
  }
}
