package shootdown.host.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the process that drives a worker, which cannot clear up.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class KilledRunTest {
  private static final String WORD =
      "{ x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0); }\n";
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  /// Long before its alarm ends a worker.
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

  @TempDir private Path folder;

  @Test
  void aWorkerThatIsBusyEndsWithItsDriver() throws Exception {
    killTheDriverOf("P0() { *x = 1; } P1() { r1 = *x; }", "", 1);
  }

  @Test
  void aWorkerThatSleepsEndsWithItsDriver() throws Exception {
    killTheDriverOf("P0() { r1 = futex(x, FUTEX_WAIT, 0); }", "futex", 1);
  }

  @Test
  void processesThatAWorkerForkedEndWithItsDriver() throws Exception {
    killTheDriverOf(
        "P0() { fork(P1); r1 = futex(x, FUTEX_WAIT, 0); }"
            + " child P1() { r1 = futex(x, FUTEX_WAIT, 0); }",
        "futex", 2);
  }

  /// @param where in the kernel all of the processes must be, by a part of the name
  /// @param processes so many are there below the driver
  private void killTheDriverOf(String threads, String where, int processes) throws Exception {
    var test = Files.writeString(folder.resolve("test.litmus"), "MM test\n" + WORD + threads);
    var files = Files.createDirectory(folder.resolve("files"));
    var driver =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"),
                EndlessRun.class.getName(), test.toString(), files.toString())
            .redirectError(Redirect.INHERIT)
            .start();
    var left = new ArrayList<ProcessHandle>();
    try {
      left.addAll(stopWithWorkers(driver, where, processes, files));
      driver.destroyForcibly().waitFor();
      for (var process : left) {
        awaitEnd(process);
      }
      assertEquals(List.of(), filesIn(files));
    } finally {
      driver.destroyForcibly();
      left.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /// The driver is stopped when its processes are as they should be: it might start another worker.
  private static List<ProcessHandle> stopWithWorkers(
      Process driver, String where, int processes, Path files) throws Exception {
    while (true) {
      assertTrue(driver.isAlive(), "the driver has ended by itself");
      signal(driver, "-STOP");
      var there = driver.descendants().toList();
      if (there.size() == processes
          && filesIn(files).isEmpty()
          && there.stream().allMatch(p -> isIn(p, where))) {
        return there;
      }
      signal(driver, "-CONT");
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static void signal(Process process, String signal) throws Exception {
    assertEquals(
        0, new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor());
  }

  private static boolean isIn(ProcessHandle process, String where) {
    var proc = Path.of("/proc", Long.toString(process.pid()));
    try {
      return Files.readSymbolicLink(proc.resolve("exe")).toString().contains("memfd:shootdown")
          && Files.readString(proc.resolve("wchan")).contains(where);
    } catch (IOException e) {
      return false;
    }
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static void awaitEnd(ProcessHandle process) {
    long end = System.nanoTime() + LONGEST_NANOS;
    while (isThere(process) && System.nanoTime() < end) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    assertFalse(isThere(process), "process " + process.pid() + " is left");
  }

  /// What has ended and was not asked for yet by its new parent counts as gone.
  private static boolean isThere(ProcessHandle process) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return false;
    }
  }
}
