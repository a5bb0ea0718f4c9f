package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `shootdown odds`, on one race of two stores.
class OddsCommandTest {
  @TempDir private Path folder;

  private Program program = new Program();

  @BeforeEach
  void test() throws IOException {
    write("P1()", "2");
  }

  private void write(String second, String value) throws IOException {
    Files.writeString(
        folder.resolve("race.litmus"),
        "MM race\n\n{\n  x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1,"
            + " 0);\n}\n\nP0()\n{\n  *x = 1;\n  r0 = *x;\n}\n\n" + second + "\n{\n  *x = 2;\n}\n\n"
            + "exists (0:r0=" + value + ")\n");
  }

  private int run(String... more) {
    program = new Program();
    var args = new String[more.length + 2];
    args[0] = "odds";
    args[1] = folder.resolve("race.litmus").toString();
    System.arraycopy(more, 0, args, 2, more.length);
    return program.run(args);
  }

  @Test
  void aFolderWithSeveralTestsIsNotTakenForItsFirstOne() throws IOException {
    var race = Files.readString(folder.resolve("race.litmus"));
    Files.writeString(folder.resolve("other.litmus"), race.replace("MM race", "MM other"));
    for (var command : new String[] {"odds", "bisect"}) {
      program = new Program();
      assertEquals(2, program.run(command, folder.toString()));
      assertTrue(program.err().contains("2 tests, and one is asked for"), program::err);
      assertEquals("", program.out());
    }
  }

  @Test
  void theBestPlaceIsFound() {
    assertEquals(0, run("--runs", "300"), program::err);
    var lines = program.out().lines().toList();
    assertEquals("race on latest, x86-64: exists (0:r0=2)", lines.getFirst());
    assertTrue(lines.get(1).matches("  without a window  \\d+ of 300 rounds: .*"), program::out);
    assertTrue(program.out().contains("the best places to stay at for 10 ms"), program::out);
    assertTrue(program.out().contains("  with --window "), program::out);
    assertTrue(
        lines.getLast().matches("  again: shootdown odds \\S+ --kernel latest --machine x86-64"
            + " --window \\S+=10ms --runs 300 --seed 0"),
        program::out);
  }

  @Test
  void theSameSeedGivesTheSame() {
    run("--runs", "200", "--seed", "3", "--format", "json");
    var first = program.out();
    run("--runs", "200", "--seed", "3", "--format", "json");
    assertEquals(first, program.out());
    run("--runs", "200", "--seed", "4", "--format", "json");
    assertFalse(first.equals(program.out()));
  }

  @Test
  void jsonHasWhatTheTextHas() {
    assertEquals(
        0, run("--runs", "100", "--format", "json", "--window", "filemap_fault:folio:after=5ms"),
        program::err);
    var out = program.out();
    assertTrue(out.startsWith("[\n{\"test\":\"race\","), out);
    assertTrue(out.contains("\"never\":false"), out);
    assertTrue(out.contains("\"bare\":{\"rounds\":100,\"hits\":"), out);
    assertTrue(
        out.contains(
            "\"windows\":[{\"function\":\"filemap_fault\",\"step\":\"folio\",\"after\":true,"
                + "\"delayNanos\":5000000.0}]"),
        out);
    assertTrue(out.endsWith("}\n]\n"), out);
  }

  @Test
  void whatCannotHappenIsNever() throws IOException {
    write("P1()", "3");
    assertEquals(0, run(), program::err);
    assertTrue(program.out().matches("(?s).*\n  never: all \\d+ states were explored\n"));
  }

  @Test
  void aWindowWhereTheTestDoesNotComeByIsBadInput() {
    assertEquals(2, run("--window", "finish_falt:ptl"));
    assertTrue(
        program.err().startsWith(
            "shootdown: the test does not come by finish_falt:ptl; did you mean"
                + " 'finish_fault:ptl'?\n  it comes by "),
        program::err);
  }

  @Test
  void aWindowHasAForm() {
    assertEquals(2, run("--window", "flush"));
    assertTrue(program.err().contains("'flush' is no window: expected FUNCTION:STEP"));
    assertEquals(2, run("--window", "f:flush=0ms"));
  }

  @Test
  void threadsNeedCpusOfTheirOwn() throws IOException {
    write("P1() @cpu 0", "2");
    assertEquals(2, run("--runs", "10"));
    assertTrue(program.err().contains("P0 and P1 share CPU 0"), program::err);
  }

  @Test
  void checkTakesWindowsForRandomRuns() {
    var file = folder.resolve("race.litmus").toString();
    assertEquals(2, new Program().run("check", file, "--window", "finish_fault:ptl"));

    var planned = Main.commandLine(new ModelPlanner(), new Screen(false, false, true));
    var out = new StringWriter();
    planned.setOut(new PrintWriter(out));
    int code =
        Main.execute(
            planned, "check", file, "--search", "random", "--runs", "100", "--window",
            "finish_fault:ptl=1ms");
    assertEquals(3, code, out::toString);
    assertTrue(out.toString().contains("a random search in simulated time: 100 runs, "));
  }
}
