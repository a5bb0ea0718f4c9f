package shootdown.host.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import shootdown.host.Parsed;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Reg;
import shootdown.host.x86.StaticElf;
import shootdown.litmus.LitmusTest;

/// Programs run on the kernel of the machine that runs the tests.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class HostRunTest {
  private static final int ROUNDS = 200;
  private static final int MOST_RUNS = 100;
  private static final String ANONYMOUS =
      "y = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0);";

  @TempDir private Path folder;

  private HostResult run(String threads) throws HostFailure {
    return run(threads, ROUNDS);
  }

  private HostResult run(String threads, long rounds) throws HostFailure {
    return HostRun.of(test(threads), request(rounds));
  }

  /// There is no bound of time: a machine may be as slow as it likes.
  private HostRequest request(long rounds) {
    return new HostRequest(rounds, Duration.ofDays(1), List.of(), Optional.of(folder), 1);
  }

  private static LitmusTest test(String threads) {
    return Parsed.test(
        """
        {
          f = file(PAGE);
          x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED, f, 0);
          y = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0);
          z = reserve(PAGE);
          p = pipe();
          m = open(PROC_SELF_MEM, O_RDWR);
        }
        """
            + threads);
  }

  private void always(String outcome, String threads) throws HostFailure {
    var result = run(threads);
    assertEquals(Set.of(outcome), result.outcomes().keySet());
    assertEquals(ROUNDS, result.rounds());
    assertEquals(ROUNDS, result.outcomes().get(outcome));
  }

  @Test
  void computes() throws HostFailure {
    always(
        "0:r1=7; 0:r2=-3; 0:r3=1; 0:r4=-8; 0:r5=2; 0:sig=0;",
        """
        P0()
        {
          y[3] = 7;
          r1 = *(y + 3 * WORD);
          r2 = -(r1 / 2);
          r3 = r1 > 3 && y[4] == 0 || *y;
          r4 = ~r1 << 0;
          r5 = 0;
          while (r5 * r5 < r1 % 4) { r5 = r5 + 1; }
        }
        """);
  }

  @Test
  void anAccessThatFaultsEndsItsThread() throws HostFailure {
    always(
        "0:r1=0; 0:r2=0; 0:sig=SIGSEGV; 1:r1=0; 1:sig=SIGBUS;",
        """
        P0()
        {
          r1 = 0;
          r1 = *z;
          r2 = 5;
        }
        P1()
        {
          r1 = ftruncate(f, 0);
          r1 = *x;
        }
        """);
  }

  @Test
  void systemCallsGiveWhatTheKernelGives() throws HostFailure {
    always(
        "0:r1=0; 0:r2=-22; 0:r4=9; 0:r3=8; 0:r5=-9; 0:sig=0;",
        """
        P0()
        {
          x[1] = 9;
          r1 = msync(x, PAGE, MS_SYNC);
          r2 = munmap(x + 1, PAGE);
          r3 = pread(f, &r4, WORD, WORD);
          r5 = fsync(-1);
        }
        """);
  }

  @Test
  void aPipeHoldsThePageItself() throws HostFailure {
    always(
        "0:r1=8; 0:r3=7; 0:r2=8; 0:sig=0;",
        """
        P0()
        {
          r1 = vmsplice(p, y, WORD, 0);
          *y = 7;
          r2 = read(p, &r3, WORD);
        }
        """);
  }

  @Test
  void theMemoryOfTheProcessIsAFile() throws HostFailure {
    always(
        "0:r1=0; 0:r3=9; 0:r2=8; 0:r4=-5; 0:sig=0;",
        """
        P0()
        {
          x[2] = 9;
          r1 = mprotect(y, PAGE, PROT_READ);
          r2 = pread(m, &r3, WORD, x + 2*WORD);
          r4 = pwrite(m, &r3, WORD, z);
        }
        """);
  }

  @Test
  void whoWaitsAtAPipeForEverIsNamed() throws HostFailure {
    var result = run("P0() { r1 = read(p, &r2, WORD); }", 1);
    assertEquals(Set.of("0:r2=0; 0:r1=0; 0:sig=0; P0 asleep;"), result.outcomes().keySet());
  }

  /// What a thread has left behind in memory and files before it waited is looked at, too.
  @Test
  void whatWaitsForEverHasDoneSomething() throws HostFailure {
    var test =
        test(
            """
            P0()
            {
              *x = 4;
              *y = 5;
              r1 = read(p, &r2, WORD);
            }

            exists (0:r1=0 /\\ x=4 /\\ x[1]=0 /\\ y=5 /\\ z=0 /\\ f=4)
            """);
    assertEquals(
        Set.of("0:r1=0; x=4; x[1]=0; y=5; z=-14; f=4; P0 asleep;"),
        HostRun.of(test, request(1)).outcomes().keySet());
  }

  /// What a test does to all of the address space does not hurt its worker.
  @Test
  void aWorkerSurvivesItsTest() throws HostFailure {
    always(
        "0:r1=-12; 0:r2=1; 0:sig=0;",
        """
        P0()
        {
          *y = 1;
          r1 = madvise(y + PAGE, 1 << 46, MADV_DONTNEED);
          r2 = *y;
        }
        """);
  }

  /// Somebody kills workers: they are started anew, and it is told.
  @Test
  void aWorkerThatDiesIsReportedAndReplaced() throws Exception {
    long rounds = 10_000; // more than a second, in which it is found
    var killed = new AtomicInteger();
    var over = new AtomicBoolean();
    var killer =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (killed.get() < 2 && !over.get()) {
                    ProcessHandle.current()
                        .descendants()
                        .filter(p -> p.info().command().orElse("").contains("shootdown"))
                        .filter(ProcessHandle::destroyForcibly)
                        .forEach(_ -> killed.incrementAndGet());
                  }
                });
    HostResult result;
    try {
      result = run("P0() { r1 = futex(y, FUTEX_WAIT, 0, 1); }", rounds);
    } finally {
      over.set(true);
      killer.join();
    }
    assertTrue(result.deaths().size() >= 1, result::toString);
    assertEquals(rounds, result.rounds());
  }

  /// Somebody stops a worker, which does nothing from then on.
  @Test
  @Tag("slow")
  void aWorkerThatHangsIsReportedAndReplaced() throws Exception {
    long rounds = 20_000; // more than two seconds, in which it is found
    var stopped = new AtomicBoolean();
    var over = new AtomicBoolean();
    var stopper =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!stopped.get() && !over.get()) {
                    ProcessHandle.current()
                        .descendants()
                        .filter(p -> p.info().command().orElse("").contains("shootdown"))
                        .filter(HostRunTest::stop)
                        .findFirst()
                        .ifPresent(_ -> stopped.set(true));
                  }
                });
    HostResult result;
    try {
      result = run("P0() { r1 = futex(y, FUTEX_WAIT, 0, 1); }", rounds);
    } finally {
      over.set(true);
      stopper.join();
    }
    assertEquals(rounds, result.rounds());
    assertEquals(1, result.deaths().size(), result::toString);
    assertTrue(result.deaths().getFirst().contains("in state T"), result::toString);
  }

  private static boolean stop(ProcessHandle process) {
    try {
      return new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().waitFor()
          == 0;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Nothing that a user may write to has to be mounted for programs.
  @Test
  void aProgramCanBeRunFromMemory() throws Exception {
    var code = new Assembler(0x40_0000);
    code.move(Reg.RDI, 42);
    code.move(Reg.RAX, 231); // exit_group
    code.syscall();
    byte[] text = code.finish();
    var program =
        StaticElf.of(
            0x40_0000,
            List.of(
                new StaticElf.Segment(
                    0x40_0000, text, text.length, StaticElf.Rights.READ_EXECUTE)));
    assertEquals(42, Executable.start(program).waitFor());
  }

  @Test
  void theReleaseOfAKernelIsTold() {
    assertEquals(Optional.of("v6.8"), HostKernel.mainline("6.8.0-41-generic"));
    assertEquals(Optional.of("v6.18"), HostKernel.mainline("6.18"));
    assertEquals(Optional.empty(), HostKernel.mainline("of unknown version"));
  }

  @Test
  void everyRoundBeginsAnew() throws HostFailure {
    always(
        "0:r1=0; 0:r2=0; 0:sig=0;",
        """
        P0()
        {
          r1 = *x + *y;
          *x = 1;
          *y = 1;
          r2 = munmap(y, PAGE);
          munmap(x, PAGE);
          ftruncate(f, 3 * PAGE);
        }
        """);
  }

  @Test
  void aChildHasItsOwnMemory() throws HostFailure {
    always(
        "0:r1=2; 0:r2=2; 0:r3=5; 0:sig=0; 1:r1=3; 1:sig=0;",
        """
        P0()
        {
          *y = 3;
          r1 = fork(P1);
          r2 = wait(P1);
          r3 = *y;
        }
        child P1()
        {
          r1 = *y;
          *y = 5;
          munmap(y, PAGE);
        }
        """);
  }

  @Test
  void theNumbersOfThreadsAreTheTests() throws HostFailure {
    always(
        "0:r1=1; 0:sig=0; 1:r1=2; 1:sig=0;",
        """
        P0() { r1 = gettid(); }
        P1() { r1 = gettid(); }
        """);
  }

  @Test
  void whoSleepsForEverIsNamed() throws HostFailure {
    var result = run("P0() { r1 = futex(y, FUTEX_WAIT, 0); }", 2);
    assertEquals(Set.of("0:r1=0; 0:sig=0; P0 asleep;"), result.outcomes().keySet());
    assertEquals(2, result.restarts());
  }

  @Test
  void aWaitThatMayEndEnds() throws HostFailure {
    always("0:r1=-110; 0:sig=0;", "P0() { r1 = futex(y, FUTEX_WAIT, 0, 1); }");
  }

  /// Mappings stay, and the words that were stored have their first values again.
  @Test
  void repeatedRoundsBeginAnew() throws HostFailure {
    var threads =
        """
        P0() { r1 = y[8]; y[8] = 1; r2 = y[9]; y[9] = r2 + 1; }
        P1() { r1 = y[16] + y[17]; y[16] = 3; y[17] = 3; }
        """;
    long rounds = 3000;
    var result =
        HostRun.of(
            Parsed.test("{ " + ANONYMOUS + " y[9] = 5; y[17] = 4; }\n" + threads), request(rounds));
    assertEquals(
        Map.of("0:r1=0; 0:r2=5; 0:sig=0; 1:r1=4; 1:sig=0;", rounds), result.outcomes());
  }

  /// Now one thread comes first, now the other one; after how many rounds, nobody knows.
  @Test
  void threadsMeet() throws HostFailure {
    var threads =
        """
        P0() { *y = 1; r1 = y[8]; }
        P1() { y[8] = 1; r1 = *y; }
        """;
    var seen = new TreeSet<String>();
    for (int runs = 0; runs < MOST_RUNS && seen.size() < 2; runs++) {
      var result = run(threads, 1000);
      assertEquals(1000, result.rounds());
      seen.addAll(result.outcomes().keySet());
    }
    assertTrue(seen.size() > 1, seen::toString);
  }

  /// P0 finds gone what it has just stored: P1 takes it away between two of its statements. Threads
  /// that start at random times do not show that in tens of thousands of rounds, those that meet do
  /// in many.
  @Test
  void rareOutcomesAreLookedFor() throws HostFailure {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "each thread needs a CPU");
    var rare = "0:r1=0; 0:r2=0; 0:sig=0; 1:sig=0;";
    var threads =
        """
        P0() { *w = 1; madvise(w, PAGE, MADV_DONTNEED); r1 = *w; *w = 2; r2 = *w; }
        P1() { madvise(w, PAGE, MADV_DONTNEED); }
        """;
    var init = "w = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);";
    var seen = new TreeSet<String>();
    for (int runs = 0; runs < 5 && !seen.contains(rare); runs++) {
      var result = HostRun.of(Parsed.test("{ " + init + " }\n" + threads), request(10_000));
      seen.addAll(result.outcomes().keySet());
    }
    assertTrue(seen.contains(rare), seen::toString);
  }

  /// There is never a file with a name, so whoever is killed, at whatever moment, leaves none.
  @Test
  void noFileIsEverThere() throws Exception {
    var memory = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(memory), "a file system that has files without names");
    var there = Files.createTempDirectory(memory, "watched");
    try (var watcher = memory.getFileSystem().newWatchService()) {
      there.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
      var request =
          new HostRequest(10, Duration.ofDays(1), List.of(), Optional.of(there), 1);
      var result = HostRun.of(test("P0() { *x = 1; }"), request);
      assertEquals(10, result.rounds());
      Files.createFile(there.resolve("last"));
      var events = watcher.take().pollEvents();
      assertEquals(
          List.of("last"), events.stream().map(e -> String.valueOf(e.context())).toList());
    } finally {
      Files.deleteIfExists(there.resolve("last"));
      Files.delete(there);
    }
  }

  @Test
  void nothingIsLeftBehind() throws HostFailure, IOException {
    run("P0() { *x = 1; }");
    try (var left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }
}
