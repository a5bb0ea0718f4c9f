package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shootdown.machine.Profiles;

class ListCommandTest {
  private final Program program = new Program();

  @Test
  void machinesAreALineEachBelowAHeader() {
    assertEquals(0, program.run("list", "machines"), program::err);
    assertEquals(Profiles.all().size() + 1, program.out().lines().count());
    assertTrue(program.out().contains("\nppc44x         sw     sw     ipi "), program::out);
  }

  @Test
  void fixesAreListedOldestFirstAndVariantsBehindTheirCommit() {
    assertEquals(0, program.run("list", "fixes"), program::err);
    var first = program.out().lines().map(line -> line.split(" ")[0]).toList();
    assertEquals(first.indexOf("2efaca927f5c") + 1, first.indexOf("2efaca927f5c~noflush"));
    assertTrue(first.indexOf("2efaca927f5c") < first.indexOf("5d1904204c99"), program::out);
    assertTrue(
        program.out().replaceAll(" +", " ").contains(
            "\n5d1904204c99 v4.9-rc6 MovePtesFlush mremap: fix race between mremap() and page"),
        program::out);
  }

  @Test
  void kernelsAreThoseAtWhichSomethingChanges() {
    assertEquals(0, program.run("list", "kernels"), program::err);
    assertTrue(
        program.out().replaceAll(" +", " ").contains(
            "\nv4.9-rc6 MovePtesFlush: 5d1904204c99 mremap: fix race"),
        program::out);
    assertTrue(program.out().endsWith("the newest: latest\n"), program::out);
  }

  @Test
  void testsAreListedWithWhatTheyState(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("t.litmus"),
        "MM t\n\n(*\n * Result: v4.9-rc5 livelock\n * Result: armv7 Clean\n *)\n\n"
            + "{ }\n\nP0() { r0 = 1; }\n");
    assertEquals(0, program.run("list", "tests", folder.toString()), program::err);
    assertEquals(
        folder.resolve("t.litmus") + "  v4.9-rc5 livelock; armv7 Clean\n", program.out());
  }

  @Test
  void aFolderWithoutTestsIsBadInput(@TempDir Path folder) {
    assertEquals(2, program.run("list", "tests", folder.toString()));
    assertEquals("", program.out());
  }
}
