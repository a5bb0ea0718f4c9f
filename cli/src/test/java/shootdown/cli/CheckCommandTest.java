package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shootdown.check.Search;
import shootdown.model.Observation;

/// `shootdown check`, with runs that are made up.
class CheckCommandTest {
  private static final List<String> REFUSALS =
      List.of(
          "there is no search 'dfs'",
          "expected like preemptions:2",
          "from 0 to 100",
          "from 1 to 100",
          "random takes no number",
          "--runs is for random, pct and swarm",
          "'0' is no number",
          "'x' is not a long",
          "no amount of memory");

  @TempDir private Path folder;

  private final Program program = new Program();

  @BeforeEach
  void tests() throws IOException {
    Files.createDirectories(folder.resolve("good/sub"));
    test("good/b.litmus", "b");
    test("good/a.litmus", "a");
    test("good/sub/c.litmus", "c");
    Files.writeString(folder.resolve("good/README.md"), "no test");
  }

  private void test(String file, String name) throws IOException {
    Files.writeString(
        folder.resolve(file),
        "MM " + name + "\n\n{\n  x = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);"
            + "\n}\n\nP0()\n{\n  r0 = *x;\n}\n\nexists (0:r0=1)\n");
  }

  @Test
  void aFolderIsReadInTheOrderOfItsPaths() {
    assertEquals(0, program.run("check", path("good")), program::err);
    assertEquals(
        List.of("a", "b", "c"),
        program.out().lines().limit(3).map(line -> line.split("\\s+")[1]).toList());
    assertTrue(
        program.out().contains("\n3 tests, 3 runs: 3 as expected, 0 differing, 0 undecided; 30"),
        program::out);
    assertEquals("", program.err());
  }

  @Test
  void aFileThatIsNamedTwiceIsReadOnce() {
    assertEquals(0, program.run("check", path("good/a.litmus"), path("good"), path("good/.")));
    assertTrue(program.out().contains("\n3 tests, 3 runs: "), program::out);
  }

  @Test
  void exitCodesFollowTheVerdicts() {
    assertEquals(1, exitCode(Observation.SOMETIMES, Observation.UNKNOWN, Observation.NEVER));
    assertEquals(3, exitCode(Observation.NEVER, Observation.UNKNOWN, Observation.NEVER));
    assertEquals(0, exitCode(Observation.NEVER, Observation.NEVER, Observation.NEVER));
  }

  private int exitCode(Observation... abc) {
    return new Program()
        .checks(job -> Program.result(job, abc[job.test().name().charAt(0) - 'a'], "Never"))
        .run("check", path("good"));
  }

  @Test
  void allThatIsWrongWithAllFilesIsListedAndNothingElseIsPrinted() throws IOException {
    Files.writeString(folder.resolve("good/d.litmus"), "MM e\n\n{ }\n\nP0() { r0 = *nowhere; }\n");
    Files.write(folder.resolve("good/e.litmus"), new byte[] {(byte) 0xC3, 0x28});
    Files.createDirectories(folder.resolve("empty"));
    int code =
        program.run("check", path("good"), path("no-such-file.litmus"), path("empty"));
    assertEquals(2, code);
    assertEquals("", program.out());
    String err = program.err();
    assertTrue(err.contains("d.litmus:1:4: error: "), err);
    assertTrue(err.contains("d.litmus:5:14: error: "), err);
    assertTrue(err.contains("e.litmus:1:1: error: the file is not UTF-8"), err);
    assertTrue(err.contains("no-such-file.litmus: no such file or folder"), err);
    assertTrue(err.contains("empty: no file in this folder ends with .litmus"), err);
  }

  @Test
  void optionsReachTheRequest() {
    assertEquals(
        0,
        program.run(
            "check", path("good/a.litmus"), "--kernel", "v4.9-rc5,v4.9-rc6", "--kernel=latest",
            "--machine", "armv7", "--states", "5M", "--time", "2m", "-j", "3"));
    assertEquals(List.of("v4.9-rc5", "v4.9-rc6", "latest"), program.request().kernels());
    assertEquals(List.of("armv7"), program.request().machines());
    assertEquals(5_000_000, program.request().maxStates());
    assertEquals(Optional.of(Duration.ofMinutes(2)), program.request().time());
    assertEquals(Optional.empty(), program.request().schedule());
    assertTrue(program.out().contains("\n1 test, 3 runs: "), program::out);
  }

  @Test
  void aScheduleReplaysOneRun() {
    assertEquals(0, program.run("check", path("good/a.litmus"), "--schedule", "0*3\n  1"));
    assertEquals(Optional.of("0*3\n  1"), program.request().schedule());

    assertEquals(2, program.run("check", path("good"), "--schedule", "0*3"));
    assertTrue(program.err().contains("a schedule replays one run, and these are 3"));
  }

  @Test
  void searchesReachTheRequest() {
    assertEquals(new Search.Exhaustive(), searched());
    assertEquals(new Search.Preemptions(2), searched("--search", "preemptions:2"));
    assertEquals(new Search.Random(10_000), searched("--search", "random"));
    assertEquals(new Search.Random(5), searched("--search", "random", "--runs", "5"));
    assertEquals(
        new Search.Random(Long.MAX_VALUE), searched("--search", "random", "--time", "1s"));
    assertEquals(new Search.Pct(3, 10_000), searched("--search", "pct"));
    assertEquals(new Search.Pct(4, 2_000), searched("--search", "pct:4", "--runs", "2k"));
    assertEquals(
        new Search.Swarm(16, Search.Swarm.TABLE_BITS), searched("--search", "swarm"));

    searched("--seed", "42", "--memory", "512M");
    assertEquals(42, program.request().seed());
    assertEquals(512L << 20, program.request().memory());
  }

  private Search searched(String... options) {
    var arguments = new ArrayList<String>(List.of("check", path("good/a.litmus")));
    arguments.addAll(List.of(options));
    assertEquals(0, program.run(arguments.toArray(String[]::new)), program::err);
    return program.request().search();
  }

  @Test
  void searchesThatMakeNoSenseAreRefused() {
    assertEquals("there is no search 'dfs'", refused("--search", "dfs"));
    assertEquals("expected like preemptions:2", refused("--search", "preemptions"));
    assertEquals("from 0 to 100", refused("--search", "preemptions:101"));
    assertEquals("from 1 to 100", refused("--search", "pct:0"));
    assertEquals("random takes no number", refused("--search", "random:3"));
    assertEquals("--runs is for random, pct and swarm", refused("--runs", "3"));
    assertEquals("'0' is no number", refused("--search", "random", "--runs", "0"));
    assertEquals("'x' is not a long", refused("--seed", "x"));
    assertEquals("no amount of memory", refused("--memory", "12"));
  }

  /// The one of the expected texts that standard error holds.
  private String refused(String... options) {
    var refusing = new Program();
    var arguments = new ArrayList<String>(List.of("check", path("good/a.litmus")));
    arguments.addAll(List.of(options));
    assertEquals(2, refusing.run(arguments.toArray(String[]::new)));
    assertEquals("", refusing.out());
    return REFUSALS.stream().filter(refusing.err()::contains).findFirst().orElse(refusing.err());
  }

  @Test
  void resultsComeInOrderWhoeverIsFirst() {
    var bIsDone = new CountDownLatch(1);
    program.checks(
        job -> {
          if (job.test().name().equals("a")) {
            await(bIsDone);
          } else {
            bIsDone.countDown();
          }
          return Program.result(job, Observation.NEVER, "Never");
        });
    assertEquals(0, program.run("check", path("good"), "-j", "2"));
    assertEquals(
        List.of("a", "b", "c"),
        program.out().lines().limit(3).map(line -> line.split("\\s+")[1]).toList());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aBugIsPrintedWithWhatReplaysItAndTheOthersGoOn() {
    program.checks(
        job -> {
          if (job.test().name().equals("b")) {
            throw new AssertionError("two and two are five");
          }
          return Program.result(job, Observation.NEVER, "Never");
        });
    assertEquals(70, program.run("check", path("good")));
    assertTrue(program.err().contains("two and two are five"), program::err);
    assertTrue(
        program.err().contains("b.litmus --kernel latest --machine x86-64"), program::err);
    assertTrue(program.out().contains("\n2 tests, 2 runs: "), program::out);
  }

  @Test
  void memoryThatRunsOutLeavesThatRunUndecided() {
    program.checks(
        job -> {
          if (job.test().name().equals("b")) {
            throw new OutOfMemoryError();
          }
          return Program.result(job, Observation.NEVER, "Never");
        });
    assertEquals(3, program.run("check", path("good"), "--format", "json"));
    assertTrue(program.out().contains("\"reason\":\"out of memory ("), program::out);
    assertTrue(program.err().contains("-Xmx"), program::err);
  }

  @Test
  void nobodyWhoReadsIsNoSuccess() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("broken pipe");
          }
        };
    var err = new ByteArrayOutputStream();
    int code =
        new Program(new PrintStream(closed), new PrintStream(err)).run("check", path("good"));
    assertEquals(3, code);
    assertTrue(err.toString().contains("standard output was closed"), err::toString);
  }

  @Test
  void jsonAndHerdAreNothingButThat() {
    assertEquals(0, program.run("check", path("good"), "--format", "json"));
    assertTrue(program.out().startsWith("[\n{"), program::out);
    assertTrue(program.out().endsWith("}\n]\n"), program::out);

    var herd = new Program();
    assertEquals(0, herd.run("check", path("good"), "--format", "herd"));
    assertTrue(herd.out().startsWith("Test a Allowed\n"), herd::out);
    assertEquals(3, herd.out().lines().filter(l -> l.startsWith("Observation ")).count());
  }

  @Test
  void coloursAreForTerminalsThatWantThem() {
    assertTrue(outOn(new Screen(true, false, true)).contains("\u001B["));
    assertFalse(outOn(new Screen(true, false, false)).contains("\u001B["));
    assertFalse(outOn(new Screen(false, true, true)).contains("\u001B["));
  }

  private String outOn(Screen screen) {
    var on = new Program().on(screen);
    assertEquals(0, on.run("check", path("good")));
    return on.out();
  }

  private String path(String inFolder) {
    return folder.resolve(inFolder).toString();
  }
}
