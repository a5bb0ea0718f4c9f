package shootdown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9`: the same command goes on, and ends with the same results as one that was never
/// killed.
class KilledTest {
  private static final int KILLS = 3;
  private static final int SECONDS = 120;

  /// Some hundred thousand states of each kernel.
  private static final String TEST =
      """
      MM killed

      {
        f = file(PAGE);
        x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED, f, 0);
        y = reserve(PAGE);
      }

      P0()
      {
        *x = 1;
        posix_fadvise(f, 0, PAGE, POSIX_FADV_DONTNEED);
        *x = 2;
        pread(f, &r1, WORD, 0);
      }

      P1()
      {
        mremap(x, PAGE, PAGE, MREMAP_MAYMOVE|MREMAP_FIXED, y);
        *y = 3;
      }

      P2()
      {
        *x = 4;
        msync(x, PAGE, MS_SYNC);
        r1 = *y;
      }

      exists (0:r1=1)
      """;

  @TempDir private Path folder;
  private final Random random = new Random(1);

  @Test
  void oneThread() throws IOException, InterruptedException {
    survives("--workers", "1", "-j", "2");
  }

  @Test
  void twoWorkers() throws IOException, InterruptedException {
    survives("--workers", "2", "-j", "1");
  }

  /// `kill`: what was searched until then is kept, however long ago something was kept before.
  @Test
  void whoIsAskedToEndKeepsAll() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("killed.litmus"), TEST);
    Path expected = folder.resolve("expected.json");
    int code = ended(start(expected));

    Path out = folder.resolve("out.json");
    String[] command = {
      "--checkpoint", folder.resolve("kept").toString(), "--checkpoint-every", "1h"
    };
    int kept = 0;
    for (int i = 1; kept == 0 && i < 40; i++) {
      var process = start(out, command);
      process.waitFor(i * 250L, TimeUnit.MILLISECONDS);
      process.destroy();
      ended(process);
      kept += Files.exists(folder.resolve("kept.1")) ? 1 : 0;
    }
    assertEquals(1, kept, () -> text(folder.resolve("err")));
    assertTrue(text(folder.resolve("err")).contains("the same command"));

    assertEquals(code, ended(start(out, command)), () -> text(folder.resolve("err")));
    assertEquals(results(expected), results(out));
  }

  private void survives(String... options) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("killed.litmus"), TEST);
    Path expected = folder.resolve("expected.json");
    int code = ended(start(expected, options));

    Path file = folder.resolve("kept");
    Path out = folder.resolve("out.json");
    List<String> kept = new ArrayList<>(List.of(options));
    kept.addAll(List.of("--checkpoint", file.toString(), "--checkpoint-every", "50ms"));
    String[] command = kept.toArray(String[]::new);
    int kills = 0;
    int resumable = 0;
    while (kills < KILLS && killed(start(out, command))) {
      kills++;
      resumable += Files.exists(folder.resolve("kept.1")) ? 1 : 0;
    }
    assertTrue(resumable > 0, "no search was kept when it was killed");

    assertEquals(code, ended(start(out, command)), () -> text(folder.resolve("err")));
    assertEquals(results(expected), results(out));
    assertTrue(text(folder.resolve("err")).contains("of 2 runs are finished"));
    try (Stream<Path> left = Files.list(folder)) {
      assertFalse(left.anyMatch(path -> path.getFileName().toString().startsWith("kept")));
    }
  }

  private Process start(Path out, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"),
                Main.class.getName(), "check", "--kernel", "v4.9-rc5,v4.9-rc6",
                "--format", "json", folder.resolve("killed.litmus").toString()));
    command.addAll(List.of(options));
    return new ProcessBuilder(command)
        .redirectOutput(out.toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  private static int ended(Process process) throws InterruptedException {
    try {
      assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "it takes too long");
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /// Kills a process at some moment after it has kept something; false if it ends before.
  private boolean killed(Process process) throws IOException, InterruptedException {
    FileTime before = newest();
    try {
      boolean ended = false;
      while (!ended && newest().compareTo(before) <= 0) {
        ended = process.waitFor(5, TimeUnit.MILLISECONDS);
      }
      return !ended && !process.waitFor(random.nextInt(400), TimeUnit.MILLISECONDS);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /// When a search was last kept.
  private FileTime newest() throws IOException {
    FileTime newest = FileTime.fromMillis(0);
    for (String name : List.of("kept.1", "kept.2")) {
      Path file = folder.resolve(name);
      if (Files.exists(file) && Files.getLastModifiedTime(file).compareTo(newest) > 0) {
        newest = Files.getLastModifiedTime(file);
      }
    }
    return newest;
  }

  private static String results(Path json) {
    return text(json).replaceAll("\"seconds\":[0-9.E-]+", "");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
