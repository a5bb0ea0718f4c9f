package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `shootdown mutants`, on one test of two faults.
class MutantsCommandTest {
  @TempDir private Path folder;

  private final Program program = new Program();

  @BeforeEach
  void test() throws IOException {
    Files.writeString(
        folder.resolve("race.litmus"),
        "MM race\n\n{\n  x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1,"
            + " 0);\n}\n\nP0()\n{\n  *x = 1;\n}\n\nP1()\n{\n  *x = 2;\n}\n");
  }

  private int run(String... more) {
    var args = new String[more.length + 6];
    args[0] = "mutants";
    args[1] = folder.resolve("race.litmus").toString();
    args[2] = "--machine";
    args[3] = "x86-64";
    args[4] = "--table=" + folder.resolve("TABLE.md");
    args[5] = "--explained=" + folder.resolve("why.txt");
    System.arraycopy(more, 0, args, 6, more.length);
    return program.run(args);
  }

  @Test
  void mutantsAreListed() {
    assertEquals(0, run("--list"), program::err);
    assertTrue(program.out().contains("do_anonymous_page/ptl  lock\n"), program::out);
    assertTrue(program.out().lines().toList().getLast().matches("\\d+ mutants"), program::out);
  }

  @Test
  void aMutantThatIsCaughtIsAsItShouldBe() {
    assertEquals(0, run("--only", "do_anonymous_page/ptl", "--write"), program::err);
    assertTrue(program.out().endsWith("\n1 of 1 caught\n"), program::out);
    assertTrue(Files.exists(folder.resolve("TABLE.md")));
  }

  @Test
  void aSurvivorMustBeExplained() throws IOException {
    var only = "do_anonymous_page/F_refcount.add_is_zero";
    assertEquals(1, run("--only", only), program::err);
    assertTrue(program.out().contains("survives  " + only + "  not explained\n"), program::out);

    Files.writeString(folder.resolve("why.txt"), only + "\n  nobody else has the page\n");
    assertEquals(0, run("--only", only), program::err);
    assertTrue(
        program.out().contains("\n0 of 1 caught (0 %), 1 that survive are explained, 0 are not; "),
        program::out);
  }

  @Test
  void aSampleIsSpreadEvenly() {
    run("--sample", "3");
    assertEquals(4, program.out().lines().count(), program::out);
  }

  @Test
  void whatTheTableCallsCaughtIsCaughtByItsTestAlone() throws IOException {
    var table = folder.resolve("TABLE.md");
    var caught = "| `do_anonymous_page/ptl` | lock | `" + folder.resolve("race.litmus") + "` | - |";
    Files.writeString(table, caught + "\n");
    assertEquals(0, run("--quick"), program::err);
    assertTrue(program.out().endsWith("\n1 of 1 caught\n"), program::out);
    assertEquals(0, run("--quick", "--only", "do_anonymous_page/ptl"), program::err);
    assertEquals(2, run("--quick", "--only", "fork/ptl"), program::err);
    assertTrue(
        program.err().contains("TABLE.md names no test that catches fork/ptl"), program::err);

    Files.writeString(
        table, caught.replace("/ptl", "/F_refcount.add_is_zero").replace("lock", "update") + "\n");
    assertEquals(1, run("--quick"), program::err);

    Files.writeString(table, caught.replace("do_anonymous_page", "fork") + "\n");
    assertEquals(1, run("--quick"), program::err);
    assertTrue(
        program.out().contains("its test does not come by it: fork/ptl\n"), program::out);
  }

  @Test
  void survivorsAreThoseThatTheTableDoesNotCallCaught() throws IOException {
    run("--list");
    long all = program.out().lines().count();
    Files.writeString(
        folder.resolve("TABLE.md"), "| `do_anonymous_page/ptl` | lock | `a.litmus` | - |\n");
    run("--list", "--survivors");
    assertEquals(all - 1, program.out().lines().count() - all, program::out);
  }

  @Test
  void whyTellsWhatHappensAtASite() {
    assertEquals(0, run("--why", "--only", "do_anonymous_page/ptl"), program::err);
    assertTrue(program.out().contains("  it waits: 1\n"), program::out);
    assertEquals(
        0, run("--why", "--only", "do_anonymous_page/F_refcount.add_is_zero"), program::err);
    assertTrue(
        program.out().contains("  nobody ever changes the word in between\n"), program::out);
  }

  @Test
  void aMutantThatNoTestComesByIsBadInput() {
    assertEquals(2, run("--only", "fork/flush"));
    assertTrue(program.err().contains("no test comes by fork/flush"), program::err);
  }

  @Test
  void checkingWithAMutantThatNoRunComesByIsBadInput() {
    assertEquals(2, check("move_ptes/ptl"));
    assertTrue(program.err().contains("no run came by move_ptes/ptl"), program::err);
    assertEquals("move_ptes/ptl", program.request().mutation().site().orElseThrow());
  }

  @Test
  void aMutantThatNoKernelHasIsToldBeforeAnythingRuns() {
    assertEquals(2, check("move_pts/ptl"));
    assertTrue(
        program.err().contains("no function move_pts; did you mean 'move_ptes'?"), program::err);
    assertEquals(2, check("move_ptes"));
    assertTrue(program.err().contains("a mutant is FUNCTION/STEP"), program::err);
    assertEquals("", program.out());
  }

  private int check(String mutant) {
    return program.run(
        "check", folder.resolve("race.litmus").toString(), "--mutate", mutant);
  }
}
