package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `shootdown hunt`, with one test of a thread that is alone.
class HuntCommandTest {
  @TempDir private Path folder;

  private final Program program = new Program();

  @BeforeEach
  void test() throws IOException {
    Files.writeString(
        folder.resolve("alone.litmus"),
        "MM alone\n\n{\n  x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1,"
            + " 0);\n}\n\nP0()\n{\n  *x = 1;\n}\n\nkthread K0()\n{\n  shrink(x);\n}\n");
  }

  private int hunt(String name, String programs) {
    return program.run(
        "hunt", name, "--tests", folder.toString(), "--programs", programs, "--today",
        "--states", "5000");
  }

  @Test
  void whatIsFoundIsALitmusTest() {
    assertEquals(0, hunt("do_anonymous_page/ptl", "200"), program::err);
    assertTrue(program.out().startsWith("(* do_anonymous_page/ptl: "), program::out);
    assertTrue(program.out().contains("\nMM hunt"), program::out);
    assertTrue(program.out().endsWith(" tests for 1 of 1 mutants found\n"), program::out);
  }

  @Test
  void toFindNothingIsNotToBeDecided() {
    assertEquals(3, hunt("pageout/is_page_cache_freeable", "3"), program::err);
    assertTrue(program.out().endsWith(" tests for 0 of 1 mutants found\n"), program::out);
  }

  @Test
  void aMutantThatNoTestComesByIsBadInput() {
    assertEquals(2, hunt("fork/flush", "1"));
    assertTrue(program.err().contains("no test comes by fork/flush"), program::err);
  }
}
