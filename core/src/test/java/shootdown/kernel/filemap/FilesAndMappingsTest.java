package shootdown.kernel.filemap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shootdown.kernel.filemap.Fadvise.POSIX_FADV_DONTNEED;

import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shootdown.check.CheckResult;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.sched.Violation;

/// Two threads on a file: one through its mapping, one through system calls or as the kernel.
class FilesAndMappingsTest {
  private static final Current SETUP = new Current(0, 0, 1);

  @ParameterizedTest
  @ValueSource(strings = {"x86-64", "arm64", "arm64-swad"})
  void aStoreOutlivesWritebackThatCleansItsPte(String profile) {
    var result =
        FileRig.check(
            profile,
            FileData.Kind.DISK,
            rig -> {
              rig.before(() -> rig.store(SETUP, 1));
              rig.thread(0, me -> rig.store(me, 2));
              rig.thread(1, me -> rig.writeback.writeback(me, rig.file));
              rig.outcome(view -> "file=" + rig.value(view) + " disk=" + rig.diskWord(view));
            });

    assertEquals(Set.of("file=2 disk=1", "file=2 disk=2"), outcomes(result));
  }

  @Test
  void fadviseDropsACleanPageOrLeavesItAndLosesNothing() {
    var result =
        FileRig.check(
            rig -> {
              rig.before(() -> rig.pwrite(1L, 0));
              rig.thread(0, me -> rig.store(me, 2));
              rig.thread(1, me -> dontNeed(rig, me));
              rig.outcome(
                  view ->
                      "file=" + rig.value(view) + " mapped=" + rig.pte(view).present());
            });

    assertEquals(Set.of("file=2 mapped=true"), outcomes(result));
  }

  @Test
  void fadviseDropsWhatNobodyMaps() {
    var result =
        FileRig.check(
            rig -> {
              rig.before(() -> rig.pwrite(1L, 0));
              rig.thread(1, me -> dontNeed(rig, me));
              rig.outcome(
                  view ->
                      "frame=" + rig.cachedFrame(view) + " disk=" + rig.diskWord(view));
            });

    assertEquals(Set.of("frame=-1 disk=1"), outcomes(result));
  }

  @Test
  void whatWasStoredBeforeFsyncIsOnDiskWhenItReturns() {
    var result =
        FileRig.check(
            rig -> {
              rig.before(() -> rig.load(SETUP));
              rig.thread(
                  0,
                  me -> {
                    rig.store(me, 2);
                    rig.fsync.fsync(me, rig.file);
                    if (!rig.file.disk(0, 0).is(2)) {
                      rig.data.steps().violate(new Violation("fsync", "2 is not on disk"));
                    }
                  });
              rig.thread(1, me -> rig.writeback.writeback(me, rig.file));
              rig.outcome(view -> "disk=" + rig.diskWord(view));
            });

    assertEquals(Set.of("disk=2"), outcomes(result));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-64", "arm64"})
  void truncationLeavesNoMappingOfARemovedPage(String profile) {
    var result =
        FileRig.check(
            profile,
            FileData.Kind.DISK,
            rig -> {
              var bus = rig.program.word("sigbus", 0);
              rig.before(() -> rig.store(SETUP, 1));
              rig.thread(0, me -> bus.write(rig.store(me, 2) ? 0 : 1));
              rig.thread(1, me -> rig.truncate.ftruncate(me, rig.file, 0));
              rig.outcome(
                  view ->
                      "value=" + rig.value(view) + " frame=" + rig.cachedFrame(view)
                          + " sigbus=" + view.get(bus));
            });

    assertEquals(
        Set.of("value=0 frame=-1 sigbus=0", "value=0 frame=-1 sigbus=1"), outcomes(result));
  }

  @Test
  void fsyncWritesAgainWhatWasStoredDuringWriteback() {
    var result =
        FileRig.check(
            rig -> {
              rig.before(() -> rig.store(SETUP, 1));
              rig.thread(
                  0,
                  me -> {
                    rig.store(me, 2);
                    rig.fsync.fsync(me, rig.file);
                    if (!rig.file.disk(0, 0).is(2)) {
                      rig.data.steps().violate(new Violation("fsync", "2 is not on disk"));
                    }
                  });
              rig.thread(1, me -> rig.writeback.writeback(me, rig.file));
              rig.outcome(
                  view -> "disk=" + rig.diskWord(view) + " dirty=" + rig.pte(view).dirty());
            });

    assertEquals(Set.of("disk=2 dirty=false"), outcomes(result));
  }

  @Test
  void aFaultDuringTruncationMapsNothingBeyondTheEnd() {
    var result =
        FileRig.check(
            rig -> {
              rig.before(() -> rig.pwrite(1L, 0));
              rig.thread(0, me -> rig.store(me, 2));
              rig.thread(1, me -> rig.truncate.ftruncate(me, rig.file, 0));
              rig.outcome(
                  view -> "value=" + rig.value(view) + " mapped=" + rig.pte(view).present());
            });

    assertEquals(Set.of("value=0 mapped=false"), outcomes(result));
  }

  @Test
  void aFaultDuringTruncationMapsThePageOfTheFileThatGrewAgain() {
    var result =
        FileRig.check(
            rig -> {
              rig.before(() -> rig.pwrite(1L, 0));
              rig.thread(0, me -> rig.store(me, 2));
              rig.thread(
                  1,
                  me -> {
                    rig.truncate.ftruncate(me, rig.file, 0);
                    rig.truncate.ftruncate(me, rig.file, FileRig.PAGE);
                  });
              rig.outcome(view -> "value=" + rig.value(view));
            });

    assertEquals(Set.of("value=0", "value=2"), outcomes(result));
  }

  @Test
  void writebackBringsNothingBackThatWasTruncated() {
    var result =
        FileRig.check(
            rig -> {
              rig.before(() -> rig.pwrite(1L, 0));
              rig.thread(0, me -> rig.truncate.ftruncate(me, rig.file, 0));
              rig.thread(1, me -> rig.writeback.writeback(me, rig.file));
              rig.outcome(view -> "disk=" + rig.diskWord(view));
            });

    assertEquals(Set.of("disk=0"), outcomes(result));
  }

  @Test
  void aFileThatGrowsAgainReadsAsZero() {
    var result =
        FileRig.check(
            rig -> {
              rig.before(
                  () -> {
                    rig.pwrite(1L, 0);
                    rig.fsync.fsync(SETUP, rig.file);
                  });
              rig.thread(
                  0,
                  me -> {
                    rig.truncate.ftruncate(me, rig.file, 0);
                    rig.truncate.ftruncate(me, rig.file, FileRig.PAGE);
                    long got = rig.preadWord(0);
                    if (got != 0) {
                      rig.data.steps().violate(new Violation("old contents", "" + got));
                    }
                  });
              rig.thread(1, me -> rig.pread(8, 0));
              rig.outcome(view -> "value=" + rig.value(view));
            });

    assertEquals(Set.of("value=0"), outcomes(result));
  }

  @Test
  void aStoreOutlivesReclaim() {
    var result =
        FileRig.check(
            rig -> {
              rig.before(() -> rig.store(SETUP, 1));
              rig.thread(0, me -> rig.store(me, 2));
              rig.thread(1, me -> rig.reclaim.shrink(me, 0, FileRig.VPN));
              rig.outcome(
                  view ->
                      "file=" + rig.value(view) + " cached=" + (rig.cachedFrame(view) >= 0));
            });

    assertEquals(Set.of("file=2 cached=true", "file=2 cached=false"), outcomes(result));
  }

  @Test
  void sharedMemoryIsWrittenToSwap() {
    var result =
        FileRig.check(
            "x86-64",
            FileData.Kind.SHMEM,
            rig -> {
              rig.before(() -> rig.store(SETUP, 1));
              rig.thread(0, me -> dontNeed(rig, me));
              rig.thread(1, me -> rig.reclaim.shrink(me, 0, FileRig.VPN));
              rig.outcome(
                  view ->
                      "file=" + rig.value(view) + " swapped=" + rig.isSwapped(view)
                          + " mapped=" + rig.pte(view).present());
            });

    assertEquals(
        Set.of("file=1 swapped=false mapped=true", "file=1 swapped=true mapped=false"),
        outcomes(result));
  }

  /// The page has come back from swap, and a writable entry maps it: what is stored through that is
  /// known to the entry alone until reclaim or munmap() takes it away.
  @Test
  void aStoreToSharedMemoryOutlivesBeingSwappedOutTwice() {
    var result =
        FileRig.check(
            "x86-64",
            FileData.Kind.SHMEM,
            rig -> {
              rig.before(() -> rig.store(SETUP, 1));
              rig.thread(
                  0,
                  me -> {
                    rig.load(me);
                    rig.store(me, 2);
                  });
              rig.thread(
                  1,
                  me -> {
                    rig.reclaim.shrink(me, 0, FileRig.VPN);
                    rig.reclaim.shrink(me, 0, FileRig.VPN);
                  });
              rig.outcome(
                  view ->
                      "value=" + rig.value(view) + " cached=" + (rig.cachedFrame(view) >= 0));
            });

    assertEquals(Set.of("value=2 cached=true", "value=2 cached=false"), outcomes(result));
  }

  @Test
  void twoFaultsOfAnUncachedPageReadItOnce() {
    var result =
        FileRig.check(
            rig -> {
              rig.before(() -> {});
              Consumer<Current> load =
                  me -> {
                    if (!rig.load(me).orElse(-1L).equals(7L)) {
                      rig.data.steps().violate(new Violation("fault", "not what the disk has"));
                    }
                  };
              rig.program.init(rig.file.disk(0, 0), 7);
              rig.thread(0, load);
              rig.thread(1, load);
              rig.outcome(view -> "file=" + rig.value(view));
            });

    assertEquals(Set.of("file=7"), outcomes(result));
  }

  private static long dontNeed(FileRig rig, Current me) {
    return rig.fadvise.posixFadvise(me, rig.file, 0, FileRig.PAGE, POSIX_FADV_DONTNEED);
  }

  /// The outcomes of a check that covered everything and found nothing wrong.
  private static Set<String> outcomes(CheckResult result) {
    assertEquals(
        "[]", result.violations().toString(), () -> result.violations().getFirst().schedule() + "");
    assertTrue(result.isComplete(), () -> result.incomplete().toString());
    return result.outcomes().keySet();
  }
}
