package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `shootdown coverage`, of one small test.
class CoverageCommandTest {
  @TempDir private Path folder;

  private Program program = new Program();

  @BeforeEach
  void files() throws IOException {
    Files.writeString(
        folder.resolve("store.litmus"),
        "MM store\n\n{\n  x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS,"
            + " -1, 0);\n}\n\nP0()\n{\n  *x = 1;\n}\n");
    leftOut("Why.\n  mm/none.c  nobody\n");
  }

  private void leftOut(String text) throws IOException {
    Files.writeString(folder.resolve("left-out.txt"), text);
  }

  private int run(String... more) {
    program = new Program();
    var args = new String[more.length + 4];
    args[0] = "coverage";
    args[1] = "--page=" + folder.resolve("PAGE.md");
    args[2] = "--left-out=" + folder.resolve("left-out.txt");
    args[3] = "--tests=" + folder;
    System.arraycopy(more, 0, args, 4, more.length);
    return program.run(args);
  }

  @Test
  void thePageIsWrittenAndThenUpToDate() throws IOException {
    assertEquals(1, run(), program::err);
    assertTrue(program.out().contains("PAGE.md is out of date"), program::out);

    assertEquals(0, run("--write"), program::err);
    var page = Files.readString(folder.resolve("PAGE.md"));
    assertTrue(
        page.contains("| `do_anonymous_page` of mm/memory.c | `AnonymousFault.doAnonymousPage` |"),
        page);
    assertTrue(page.contains("1: `"), page);
    assertEquals(0, run(), program::out);
    assertEquals(0, run("--quick"), program::out);
  }

  @Test
  void aPageWithOtherTestsIsOutOfDateButNotToALook() throws IOException {
    run("--write");
    var page = folder.resolve("PAGE.md");
    Files.writeString(page, Files.readString(page).replace("| 1: `", "| 2: `"));
    assertEquals(1, run());
    assertEquals(0, run("--quick"), program::out);
  }

  @Test
  void whatIsNewWasNotLookedAt() throws IOException {
    assertEquals(0, run("--quick", "--write"), program::err);
    var page = folder.resolve("PAGE.md");
    assertTrue(Files.readString(page).contains("| not looked at yet |"));
    assertEquals(0, run("--quick"), program::out);
    assertEquals(1, run(), program::out);
  }

  @Test
  void whatIsModelledIsNotLeftOut() throws IOException {
    leftOut("Why.\n  mm/memory.c  do_anonymous_page\n");
    assertEquals(1, run("--write"));
    assertTrue(
        program.out().startsWith("both modelled and left out: mm/memory.c: do_anonymous_page\n"),
        program::out);
  }

  @Test
  void badInput() throws IOException {
    leftOut("  mm/none.c\n");
    assertEquals(2, run());
    assertTrue(program.err().contains("line 1 is neither"), program::err);
  }
}
