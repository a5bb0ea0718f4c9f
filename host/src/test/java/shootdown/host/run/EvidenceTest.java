package shootdown.host.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import shootdown.host.Parsed;
import shootdown.host.run.Evidence.Eviction;
import shootdown.host.worker.Unrunnable;

/// Whether the kernel of the machine that runs the tests does what it is asked for: no outcome
/// tells.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class EvidenceTest {
  private static final int ROUNDS = 200;
  private static final String MOVED =
      """
      { y = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0); *y = 1; }
      P0() { *y = 2; r1 = *y; }
      kthread K0() { migrate(y); }
      """;

  @TempDir private Path folder;

  /// There is no bound of time: a machine may be as slow as it likes.
  private HostRequest request(long rounds) {
    return new HostRequest(rounds, Duration.ofDays(1), List.of(), Optional.of(folder), 1);
  }

  /// The kernel counts the pages that it has moved.
  @Test
  void aPageMoves() throws HostFailure {
    HostResult result;
    try {
      result = HostRun.of(Parsed.test(MOVED), request(ROUNDS));
    } catch (HostFailure e) {
      assumeFalse(e.getMessage().contains("mbind"), e.getMessage()); // a kernel without NUMA
      throw e;
    }
    assertEquals(Set.of("0:r1=2; 0:sig=0;"), result.outcomes().keySet());
    var work = result.evidence().work().getFirst();
    assertEquals("migrate", work.function());
    assertTrue(work.done() >= ROUNDS, result::toString);
  }

  /// Where ksmd runs, it merges what is equal; where it does not, the test is refused, for nobody
  /// but the machine's user turns it on.
  @Test
  void pagesAreMergedByKsmd() throws IOException, HostFailure {
    var test =
        Parsed.test(
            """
            {
              x = mmap(NULL, 2 * PAGE, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
              *x = 1;
              *(x + PAGE) = 1;
            }
            P0() { r1 = *x; }
            kthread K0() { ksm_merge(x, x + PAGE); }
            """);
    var run = Path.of("/sys/kernel/mm/ksm/run");
    if (!Files.exists(run) || !Files.readString(run).strip().equals("1")) {
      var refused = assertThrows(Unrunnable.class, () -> HostRun.of(test, request(1)));
      assertTrue(refused.getMessage().contains("ksmd does not run"), refused::getMessage);
      return;
    }
    var result = HostRun.of(test, request(3));
    assertEquals(Set.of("0:r1=1; 0:sig=0;"), result.outcomes().keySet());
    assertEquals("ksm_merge", result.evidence().work().getFirst().function());
  }

  /// A clean page of a file can be reclaimed, and no page that is locked.
  @Test
  void aPageIsReclaimed() throws HostFailure {
    var result = shrink("");
    assumeFalse(result.fileSystem().equals(Optional.of("tmpfs")), "needs a disk, or swap");
    assertTrue(result.evidence().work().getFirst().done() > 0, result::toString);
    var locked = shrink("mlock(x, PAGE);");
    assertEquals("shrink", locked.evidence().work().getFirst().function());
    assertEquals(0, locked.evidence().work().getFirst().done());
  }

  private static final String LAUNDERED =
      """
      { f = file(PAGE); x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED, f, 0); }
      P0()
      {
        *x = 1;
        posix_fadvise(f, 0, PAGE, POSIX_FADV_DONTNEED);
        munmap(x, PAGE);
        posix_fadvise(f, 0, PAGE, POSIX_FADV_DONTNEED);
        pread(f, &r1, WORD, 0);
      }
      """;

  /// In the rounds that wait until the page is on the disk, it is gone when it is read.
  @Test
  void aCleanPageIsDroppedFromThePageCache() throws HostFailure {
    var result = HostRun.of(Parsed.test(LAUNDERED), request(1000));
    assertEquals(Set.of("0:r1=1; 0:sig=0;"), result.outcomes().keySet());
    assumeFalse(result.fileSystem().equals(Optional.of("tmpfs")), "needs a disk");
    var eviction = result.evidence().eviction().orElseThrow();
    assertTrue(eviction.dropped() > 0, result::toString);
    assertTrue(eviction.missed() > 0, result::toString);
  }

  /// On a file system in memory nothing goes, and that is found out.
  @Test
  void nothingIsDroppedFromMemory() throws HostFailure {
    var memory = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(memory), "a file system in memory");
    var request = new HostRequest(1000, Duration.ofDays(1), List.of(), Optional.of(memory), 1);
    var result = HostRun.of(Parsed.test(LAUNDERED), request);
    assertEquals(Set.of("0:r1=1; 0:sig=0;"), result.outcomes().keySet());
    assertEquals(Optional.of(new Eviction(4, 0, 0)), result.evidence().eviction());
  }

  private HostResult shrink(String init) throws HostFailure {
    return HostRun.of(
        Parsed.test(
            "{ f = file(PAGE); x = mmap(NULL, PAGE, PROT_READ|PROT_WRITE, MAP_SHARED, f, 0);"
                + " v = *x; fsync(f); " + init
                + " }\nP0() { r1 = 1; } kthread K0() { shrink(x); }"),
        request(ROUNDS));
  }
}
