package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// What a script relies on: the exit codes, and which stream says what.
class MainTest {

  private final Program program = new Program();

  @Test
  void exitCodesAreTheDocumentedOnes() {
    assertEquals(
        List.of(0, 1, 2, 3, 4, 70), Arrays.stream(ExitCode.values()).map(ExitCode::code).toList());
  }

  @Test
  void helpGoesToStandardOutput() {
    assertEquals(0, program.run("--help"));
    assertTrue(program.out().contains("Usage: shootdown"), program::out);
    assertEquals("", program.err());
  }

  @Test
  void versionIsOneLine() {
    assertEquals(0, program.run("--version"));
    assertEquals(1, program.out().lines().count(), program::out);
    assertEquals(0, program.run("check", "--version"));
    assertEquals(0, program.run("list", "fixes", "--version"));
    assertEquals(3, program.out().lines().count(), program::out);
  }

  @Test
  void noCommandIsWrongUsage() {
    assertWrongUsage("Which command?");
    assertWrongUsage("List what?", "list");
  }

  @Test
  void unknownWordsAreWrongUsage() {
    assertWrongUsage("Unknown option: '--no-such-option'", "--no-such-option");
    assertWrongUsage("Unknown option: '--stats'", "check", "x.litmus", "--stats", "1");
    assertWrongUsage("Missing required parameter: 'FILE|DIR'", "check");
    assertWrongUsage("Did you mean: shootdown check?", "chek");
  }

  @Test
  void wrongValuesAreWrongUsage() {
    assertWrongUsage("'10' is no time", "check", "x.litmus", "--time", "10");
    assertWrongUsage("'0s' is no time", "check", "x.litmus", "--time", "0s");
    assertWrongUsage("no number", "check", "x.litmus", "--states", "many");
    assertWrongUsage("is too large", "check", "x.litmus", "--states", "99999999999999999G");
    assertWrongUsage("from 1 to 256", "check", "x.litmus", "-j", "0");
    assertWrongUsage("there is no format 'xml'", "check", "x.litmus", "--format", "xml");
    assertWrongUsage("from 1 to 100", "check", "x.litmus", "--search", "pct:0");
    assertWrongUsage("there is no search 'fast'", "check", "x.litmus", "--search", "fast");
    assertWrongUsage("not a part of a schedule: '0+1'", "check", "x", "--schedule", "0*2 0+1");
  }

  private static void assertWrongUsage(String message, String... args) {
    var program = new Program();
    assertEquals(ExitCode.BAD_INPUT.code(), program.run(args));
    assertEquals("", program.out());
    assertTrue(program.err().contains(message), program::err);
    assertTrue(program.err().contains(" --help`."), program::err);
    assertFalse(program.err().contains("at shootdown."), program::err);
  }

  @Test
  void anExceptionOrAnErrorOfOursIsExitCode70() {
    assertThrown(ExitCode.OWN_BUG, "an exception", new IllegalStateException("an exception"));
    assertThrown(ExitCode.OWN_BUG, "an error", new AssertionError("an error"));
  }

  @Test
  void memoryThatRunsOutLeavesItUndecided() {
    assertThrown(ExitCode.UNDECIDED, "-Xmx", new OutOfMemoryError());
  }

  private static void assertThrown(ExitCode code, String message, Throwable thrown) {
    var err = new StringWriter();
    CommandLine command =
        Main.commandLine(new ModelPlanner(), new Screen(false, false, false))
            .addSubcommand("throws", new Fails(thrown))
            .setErr(new PrintWriter(err));
    assertEquals(code.code(), Main.execute(command, "throws"));
    assertTrue(err.toString().contains(message), err::toString);
  }

  @Command
  private record Fails(Throwable thrown) implements Callable<Integer> {

    @Override
    public Integer call() throws Exception {
      switch (thrown) {
        case Error error -> throw error;
        case Exception exception -> throw exception;
        default -> throw new IllegalArgumentException(thrown);
      }
    }
  }
}
