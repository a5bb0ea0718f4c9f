package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `shootdown bisect`.
class BisectCommandTest {
  @TempDir private Path folder;

  private final Program program = new Program();

  private String write(String condition) throws IOException {
    var file = folder.resolve("plain.litmus");
    Files.writeString(
        file,
        "MM plain\n\n{\n  x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS,"
            + " -1, 0);\n}\n\nP0()\n{\n  *x = 1;\n  r0 = *x;\n}\n\n" + condition + "\n");
    return file.toString();
  }

  @Test
  void whatNeverChangesIsOneLine() throws IOException {
    assertEquals(0, program.run("bisect", write("exists (0:r0=1)")), program::err);
    assertEquals(
        "plain on x86-64\nFROM     SHOWS   SINCE\nv2.6.12  Always\n", program.out());
  }

  @Test
  void whatIsNotDecidedIsSaid() throws IOException {
    assertEquals(3, program.run("bisect", write("exists (0:r0=2)"), "--states", "1"));
    assertTrue(program.out().contains("v2.6.12  Unknown"), program::out);
  }

  @Test
  void aMachineThatIsNoneIsBadInput() throws IOException {
    assertEquals(2, program.run("bisect", write(""), "--machine", "pdp-11"));
    assertTrue(program.err().contains("there is no machine 'pdp-11'"), program::err);
  }
}
