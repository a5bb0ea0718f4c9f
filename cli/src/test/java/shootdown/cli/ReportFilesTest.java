package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `--html`, `--perfetto`, `--junit`, with runs that are made up.
class ReportFilesTest {
  @TempDir private Path folder;

  private final Program program = new Program();

  @BeforeEach
  void test() throws IOException {
    Files.writeString(
        folder.resolve("a.litmus"),
        "MM a\n\n{\n  x = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);"
            + "\n}\n\nP0()\n{\n  r0 = *x;\n}\n\nexists (0:r0=1)\n");
  }

  private int check(String... more) {
    var args = new String[more.length + 2];
    args[0] = "check";
    args[1] = folder.resolve("a.litmus").toString();
    System.arraycopy(more, 0, args, 2, more.length);
    return program.run(args);
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private String text(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  @Test
  void eachIsWholeAndStandardOutputIsAsItWas() throws IOException {
    assertEquals(0, check("--format", "json"));
    String alone = program.out();
    int code =
        check("--format", "json", "--html", at("a.html"), "--perfetto", at("a.json"), "--junit",
            at("a.xml"));
    assertEquals(0, code, program::err);
    assertEquals(alone + alone, program.out());
    assertTrue(text("a.html").endsWith("</html>\n"));
    assertTrue(text("a.json").endsWith("]}\n"));
    assertTrue(text("a.xml").contains("<testsuites name=\"shootdown check\" tests=\"1\" fail"));
  }

  @Test
  void aRunThatBreaksOffIsAnErrorForBuildServers() throws IOException {
    program.checks(
        _ -> {
          throw new IllegalStateException("two and two are five");
        });
    assertEquals(70, check("--junit", at("a.xml"), "--html", at("a.html")));
    assertTrue(text("a.xml").contains("errors=\"1\""));
    assertTrue(text("a.xml").contains("two and two are five"));
    assertTrue(text("a.html").contains("two and two are five"));
  }

  @Test
  void aFileThatCannotBeWrittenIsToldBeforeAnyRun() {
    program.checks(
        job -> {
          throw new AssertionError("nothing is to run: " + job);
        });
    assertEquals(2, check("--html", at("none/a.html")));
    assertTrue(program.err().contains("a.html cannot be written: no such folder"), program::err);
    assertEquals(2, check("--junit", folder.toString()));
    assertTrue(program.err().contains("cannot be written: it is a folder"), program::err);
    assertEquals(2, check("--junit", at("b"), "--html", at("./b")));
    assertTrue(program.err().contains("b is to hold two reports"), program::err);
    assertEquals("", program.out());
  }

  @Test
  void whatGoesWrongLaterEndsNoRunAndIsNoSuccess() {
    assumeTrue(Files.isWritable(Path.of("/dev/full")), "there is no /dev/full");
    assertEquals(2, check("--junit", "/dev/full"));
    assertTrue(program.err().contains("/dev/full could not be written: "), program::err);
    assertTrue(program.out().contains("1 test, 1 run: "), program::out);
  }
}
