package shootdown.kernel.filemap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FileData;
import shootdown.machine.Machine;
import shootdown.sched.Violation;

/// System calls on files, one thread: what they return and what they leave. The file has one page
/// of 4096 bytes at first and two at most; one word of each page is modelled.
class FileSyscallsTest {
  private static final long EINVAL = Errno.EINVAL.result();

  @ParameterizedTest
  @CsvSource({
    "8, 0, 8 [7]",
    "0, 0, 0 []",
    "8, 4096, 0 []",
    "16, 4088, 8 []",
    "8192, 0, 4096 [7]",
    "8, -8, -22 []",
  })
  void preadStopsAtTheEndOfTheFile(long length, long offset, String expected) {
    assertEquals(
        expected,
        told(
            (rig, me) -> {
              rig.pwrite(7L, 0);
              var read = rig.pread(length, offset);
              return read.result() + " " + read.words();
            }));
  }

  @Test
  void pwriteGrowsTheFile() {
    assertEquals(
        "8 4104 9",
        told(
            (rig, me) -> {
              long wrote = rig.pwrite(9L, FileRig.PAGE);
              return wrote + " " + rig.file.size().read() + " "
                  + rig.pread(2L * FileRig.PAGE, 0).words().getLast();
            }));
  }

  @Test
  void aFileThatWouldBeTooLargeIsALimit() {
    var result =
        FileRig.check(
            rig -> {
              rig.before(() -> {});
              rig.thread(0, me -> rig.truncate.ftruncate(me, rig.file, 3L * FileRig.PAGE));
              rig.outcome(_ -> "end");
            });

    assertEquals(
        List.of(Machine.LIMIT),
        result.violations().stream()
            .flatMap(v -> v.violation().stream())
            .map(Violation::property)
            .toList());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4096, 4, 0 none 7",
    "0, 0, 4, 0 none 7",
    "0, 4095, 4, 0 cached 7",
    "8, 4088, 4, 0 cached 7",
    "0, 4096, 3, 0 cached 0",
    "0, 4096, 0, 0 cached 0",
    "0, 4096, 6, -22 cached 0",
    "0, -1, 4, -22 cached 0",
  })
  void fadviseDropsWholePagesOnly(long offset, long length, int advice, String expected) {
    assertEquals(
        expected,
        told(
            (rig, me) -> {
              rig.pwrite(7L, 0);
              long told = rig.fadvise.posixFadvise(me, rig.file, offset, length, advice);
              return told + " " + (rig.file.slot(0).is(0) ? "none" : "cached") + " "
                  + rig.file.disk(0, 0).read();
            }));
  }

  @ParameterizedTest
  @CsvSource({"0, 0 0", "2, 0 7", "7, 0 7", "8, -22 0"})
  void syncFileRangeWritesWhenAskedTo(long flags, String expected) {
    assertEquals(
        expected,
        told(
            (rig, me) -> {
              rig.pwrite(7L, 0);
              long told = rig.fsync.syncFileRange(me, rig.file, 0, 0, flags);
              return told + " " + rig.file.disk(0, 0).read();
            }));
  }

  @Test
  void argumentsThatLinuxRefuses() {
    assertEquals(
        EINVAL + " " + EINVAL,
        told(
            (rig, me) ->
                rig.truncate.ftruncate(me, rig.file, -1) + " "
                    + rig.pwrite(1L, -8)));
  }

  @Test
  void afterWritebackTheEntryIsCleanAndReadOnly() {
    var result =
        FileRig.check(
            rig -> {
              rig.before(() -> {});
              rig.thread(
                  0,
                  me -> {
                    rig.store(me, 7);
                    rig.writeback.writeback(me, rig.file);
                  });
              rig.outcome(view -> rig.pte(view).toString());
            });

    assertTrue(result.violations().isEmpty());
    assertEquals(Set.of("(F0 w d Y)"), result.outcomes().keySet());
  }

  /// One look finds the page young, a second finds it referenced and dirty, a third writes it.
  @Test
  void reclaimSparesAPageThatIsUsed() {
    var result =
        FileRig.check(
            rig -> {
              rig.before(() -> {});
              rig.thread(
                  0,
                  me -> {
                    rig.store(me, 7);
                    rig.reclaim.shrink(me, 0, FileRig.VPN);
                  });
              rig.outcome(
                  view ->
                      rig.pte(view) + " disk=" + rig.diskWord(view)
                          + " frame=" + rig.cachedFrame(view));
            });

    assertTrue(result.violations().isEmpty());
    assertEquals(
        Set.of(
            "(F0 W D y) disk=0 frame=0", "none disk=0 frame=0", "none disk=7 frame=-1"),
        result.outcomes().keySet());
  }

  /// What one thread tells, of whose runs there is but one.
  private static String told(BiFunction<FileRig, Current, String> body) {
    var result =
        FileRig.check(
            "x86-64",
            FileData.Kind.DISK,
            rig -> {
              rig.before(() -> {});
              rig.thread(
                  0,
                  me -> {
                    String text = rig.data.steps().scope(() -> body.apply(rig, me));
                    rig.data.steps().violate(new Violation("told", text));
                  });
              rig.program.outcome(_ -> "end");
            });
    assertTrue(result.isComplete());
    var told = result.violations().stream().flatMap(v -> v.violation().stream()).toList();
    assertEquals(1, told.size(), told::toString);
    return told.getFirst().message();
  }
}
