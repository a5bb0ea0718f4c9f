package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill`, which ends a process as Ctrl-C does.
class InterruptionTest {
  @TempDir private Path folder;

  @Test
  void whatWasFinishedIsPrintedAndTheOutputIsWhole() throws IOException, InterruptedException {
    for (String name : List.of("a", "b", "c")) {
      Files.writeString(
          folder.resolve(name + ".litmus"), "MM " + name + "\n\n{ }\n\nP0() { r0 = 1; }\n");
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"),
                Endless.class.getName(), "check", "--format", "json", folder.toString())
            .start();
    try (BufferedReader out = process.inputReader(); BufferedReader err = process.errorReader()) {
      String start = out.readLine() + out.readLine();
      assertTrue(start.startsWith("[{\"test\":\"a\""), start);

      process.toHandle().destroy();
      List<String> rest = out.lines().toList();
      assertEquals("]", rest.getLast());
      assertTrue(rest.stream().noneMatch(line -> line.contains("\"test\":\"b\"")));
      assertEquals("shootdown: interrupted: what was not finished is not there", err.readLine());
      assertTrue(process.waitFor(10, TimeUnit.SECONDS));
      assertEquals(ExitCode.UNDECIDED.code(), process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }
}
