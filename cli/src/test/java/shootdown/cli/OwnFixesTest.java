package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `--kernel FILE.java`: a fix of the user's own.
class OwnFixesTest {
  private static final String SEED = "../litmus/seeds/mremap+mkclean.litmus";
  private static final String EXAMPLE = "../docs/guide/FlushDirtyEarly.java";
  private static final String HEAD =
      "import shootdown.kernel.mmap.*;\nimport shootdown.machine.*;\n";

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    var command = Main.commandLine(new ModelPlanner(), new Screen(false, false, false));
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return Main.execute(command, args);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void theExampleEndsTheLostWrite() {
    assertEquals(1, run("check", SEED, "--kernel", "v4.8,v4.8+" + EXAMPLE), err::toString);
    var lines = out.toString().lines().filter(line -> line.contains("x86-64  ")).toList();
    assertTrue(lines.get(0).matches("FAIL .*lost write.*"), out::toString);
    assertTrue(lines.get(1).startsWith("ok") && lines.get(1).endsWith("Never"), out::toString);
  }

  @Test
  void aFixThatMendsNothingIsSeenToAtTheNewestKernelToo() throws IOException {
    String never =
        file(
            "NeverFlush.java",
            "package mine;\n" + HEAD + "record NeverFlush() implements MovePtesFlush {\n"
                + "  public When when() { return When.BEFORE_BOTH_UNLOCKS; }\n"
                + "  public boolean flushesAtEnd() { return false; }\n}\n");
    assertEquals(1, run("check", SEED, "--kernel", never), err::toString);
    assertTrue(out.toString().contains("Sometimes"), out::toString);
    assertTrue(out.toString().contains("--kernel " + never + " --machine"), out::toString);
  }

  @Test
  void oddsTakeOneToo() {
    assertEquals(
        0,
        run("odds", SEED, "--kernel", "v4.8+" + EXAMPLE, "--machine", "x86-64", "--runs", "10"),
        err::toString);
    assertTrue(out.toString().contains("on v4.8+" + EXAMPLE + ", x86-64"), out::toString);
  }

  @Test
  void allThatTheCompilerRefusesIsListed() throws IOException {
    String wrong =
        file("Wrong.java", HEAD + "class Wrong implements MovePtesFlush {\n  int x = y;\n}\n");
    assertEquals(2, run("check", SEED, "--kernel", wrong));
    assertTrue(err.toString().contains(wrong + ":3: error: Wrong is not abstract"), err::toString);
    assertTrue(err.toString().contains(wrong + ":4: error: cannot find symbol"), err::toString);
    assertTrue(err.toString().contains("  int x = y;\n          ^"), err::toString);
    assertEquals("", out.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Other.java | class Else {} | there is no class Other in it",
        "Empty.java | class Empty {} | decides nothing: it has to",
        "Shape.java | interface Shape extends MovePtesFlush {} | decides nothing: it has to",
        "Asked.java | class Asked implements "
            + "shootdown.kernel.history.Decision {} | asks no such decision",
        "Needs.java | record Needs(int x) implements "
            + "shootdown.kernel.history.Decision {} | no constructor without arguments",
        "Throws.java | class Throws implements shootdown.kernel.history.Decision "
            + "{ Throws() { throw new IllegalStateException(\"no\"); } } | cannot be made: "
      })
  void whatIsNoFixIsRefused(String name, String text, String message) throws IOException {
    assertEquals(2, run("check", SEED, "--kernel", file(name, HEAD + text)));
    assertTrue(err.toString().contains(message), err::toString);
    assertEquals("", out.toString());
  }

  @Test
  void aFileThatIsNotThereIsSaidToBe() {
    assertEquals(2, run("check", SEED, "--kernel", "latest+No.java,Nor.java"));
    assertEquals("No.java: no such file\nNor.java: no such file\n", err.toString());
  }

  @Test
  void whatAFixThrowsIsNoBugOfShootdown() throws IOException {
    String broken =
        file(
            "Broken.java",
            HEAD + "class Broken implements MovePtesFlush {\n"
                + "  public When when() { throw new ArithmeticException(\"oh\"); }\n"
                + "  public boolean forces(Pte taken) { return true; }\n"
                + "  public boolean flushesAtEnd() { return false; }\n}\n");
    assertEquals(2, run("check", SEED, "--kernel", broken));
    assertTrue(
        err.toString().contains("Broken.java:4: when() ended with java.lang.ArithmeticException"),
        err::toString);
  }
}
