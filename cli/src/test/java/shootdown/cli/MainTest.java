package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void exitCodesAreTheDocumentedOnes() {
    assertEquals(
        List.of(0, 1, 2, 3, 4, 70), Arrays.stream(ExitCode.values()).map(ExitCode::code).toList());
  }

  @Test
  void helpGoesToStandardOutput() {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().contains("Usage: shootdown"), out::toString);
    assertEquals("", err.toString());
  }

  @Test
  void versionIsOneLine() {
    assertEquals(0, run("--version"));
    assertEquals(1, out.toString().lines().count(), out::toString);
  }

  @Test
  void noCommandIsWrongUsage() {
    assertEquals(ExitCode.BAD_INPUT.code(), run());
    assertTrue(err.toString().contains("Which command?"), err::toString);
    assertEquals("", out.toString());
  }

  @Test
  void anUnknownOptionIsWrongUsage() {
    assertEquals(ExitCode.BAD_INPUT.code(), run("--no-such-option"));
    assertEquals("", out.toString());
  }

  @Test
  void anExceptionOrAnErrorOfOursIsExitCode70() {
    CommandLine command = Main.commandLine();
    command.addSubcommand("throws", new Fails(new IllegalStateException("an exception")));
    command.addSubcommand("breaks", new Fails(new AssertionError("an error")));

    assertEquals(ExitCode.OWN_BUG.code(), run(command, "throws"));
    assertTrue(err.toString().contains("an exception"), err::toString);
    assertEquals(ExitCode.OWN_BUG.code(), run(command, "breaks"));
    assertTrue(err.toString().contains("an error"), err::toString);
  }

  @Command
  private record Fails(Throwable bug) implements Callable<Integer> {

    @Override
    public Integer call() throws Exception {
      switch (bug) {
        case Error error -> throw error;
        case Exception exception -> throw exception;
        default -> throw new IllegalArgumentException(bug);
      }
    }
  }

  private int run(String... args) {
    return run(Main.commandLine(), args);
  }

  private int run(CommandLine command, String... args) {
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return Main.execute(command, args);
  }
}
