package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `run` on this machine's kernel.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class HostCommandTest {
  @TempDir private Path folder;

  private final Program program = new Program();

  private String advice(String name) throws IOException {
    var file = folder.resolve("advice.litmus");
    Files.writeString(
        file,
        """
        MM advice
        { x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0); }
        P0() { *x = 1; r1 = madvise(x, PAGE, %s); munmap(x + 1, PAGE); }
        exists (0:r1=0)
        """
            .formatted(name));
    return file.toString();
  }

  @Test
  void whatTheModelAllowsToo() throws IOException {
    int code = program.run("run", advice("MADV_WILLNEED"), "--iterations", "50");
    assertEquals(0, code, program::err);
    assertTrue(program.out().contains("all that was seen is allowed"), program::out);
  }

  @Test
  void whatCouldStopThisMachineIsNotRunOnIt() {
    int code =
        program.run("run", "../litmus/pgtable/dontneed+truncate.litmus", "--kernel", "v6.14-rc1");
    assertEquals(4, code, program::err);
    assertTrue(
        program.out().contains("not runnable here: the model finds a kernel bug"), program::out);
  }

  /// A model that is wrong for this kernel: v3.0 does not know an advice that came with v4.5.
  @Test
  void whatTheModelDoesNotAllowIsToldWithItsTraceAndTheExitCode() throws IOException {
    int code =
        program.run("run", advice("MADV_FREE"), "--iterations", "50", "--kernel", "v3.0");
    assertEquals(1, code, program::err);
    var out = program.out();
    assertTrue(out.contains("NOT ALLOWED: 0:r1=0;\nthe nearest allowed: 0:r1=-22;\n"), out);
    assertTrue(out.contains("P0  r1 = madvise(x, PAGE, MADV_FREE) = 0\n"), out);
    assertTrue(out.contains("P0  munmap(x + 1, PAGE) = -22\n"), out);
  }
}
