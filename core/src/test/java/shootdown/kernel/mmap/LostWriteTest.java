package shootdown.kernel.mmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shootdown.kernel.mmap.MmanConstants.MAP_ANONYMOUS;
import static shootdown.kernel.mmap.MmanConstants.MAP_FIXED;
import static shootdown.kernel.mmap.MmanConstants.MAP_PRIVATE;
import static shootdown.kernel.mmap.MmanConstants.MAP_SHARED;
import static shootdown.kernel.mmap.MmanConstants.MREMAP_FIXED;
import static shootdown.kernel.mmap.MmanConstants.MREMAP_MAYMOVE;
import static shootdown.kernel.mmap.MmanConstants.PROT_READ;
import static shootdown.kernel.mmap.MmanConstants.PROT_WRITE;
import static shootdown.kernel.mmap.SmallKernel.PAGE;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shootdown.kernel.data.Current;

/// A store that completed must be in the file in the end: the races that the histories of this
/// package and of the gather are about, release by release.
class LostWriteTest {
  private static final long X = 4L * PAGE;
  private static final long NEAR = 5L * PAGE;
  private static final long FAR = 600L * PAGE;
  private static final int DONTNEED = 4;
  private static final long PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

  /// Whether the store of 2 that follows a page's laundering may be missing in the file at the end,
  /// though it completed.
  private static boolean loses(String release, long to) {
    var result =
        SmallKernel.check(
            release,
            "x86-64",
            k -> {
              k.thread(0, 0, me -> writer(k, me, to));
              k.thread(1, 0, me -> mover(k, me, to));
            });
    assertTrue(result.violations().isEmpty(), () -> result.violations().toString());
    assertTrue(result.isComplete(), () -> result.incomplete() + " " + result.effort());
    return result.outcomes().keySet().stream().anyMatch(o -> o.startsWith("[1, 1, 0, 1,"));
  }

  private static void writer(SmallKernel k, Current me, long to) {
    k.calls.mmap(me, X, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, 0, 0);
    k.store(me, X, 1);
    k.log(0, 1);
    k.fadvise.posixFadvise(me, k.data.file(0), 0, PAGE, DONTNEED);
    k.log(2, k.store(me, X, 2));
    k.logged(1).await(1);
    k.calls.munmap(me, to, PAGE);
    k.fadvise.posixFadvise(me, k.data.file(0), 0, PAGE, DONTNEED);
    k.log(3, k.pread(0));
  }

  private static void mover(SmallKernel k, Current me, long to) {
    k.logged(0).await(1);
    if (to == X) {
      k.calls.munmap(me, X, PAGE);
    } else {
      k.calls.mremap(me, X, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to);
    }
    k.log(1, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "v4.9-rc5, true",
    "v4.9-rc6, false", // no writable entry of a file on disk is clean: none gets dirty too late
    "v4.9-rc8, false",
    "v4.19-rc8, false",
    "v4.9-rc5+5d1904204c99~ranges, false",
    "latest, false",
    "latest-eb66ae030829-a2ce2666aa87-5d1904204c99, true",
  })
  void mremapWithinOnePageTable(String release, boolean loses) {
    assertEquals(loses, loses(release, NEAR));
  }

  @ParameterizedTest
  @CsvSource({
    "v4.9-rc5, true",
    "v4.9-rc8, false", // rmap walks meet the old place first, whose lock is held until the flush
    "v4.19-rc8, false",
    "v4.9-rc5+5d1904204c99~ranges, false",
  })
  void mremapToAnotherPageTable(String release, boolean loses) {
    assertEquals(loses, loses(release, FAR));
  }

  /// Whether a load may show what another page holds by now: the page was clean, moved, truncated
  /// and given to somebody else before the old address was flushed.
  private static boolean readsAnother(String release, long to) {
    var result =
        SmallKernel.check(
            release,
            "x86-64",
            k -> {
              k.thread(0, 0, me -> k.log(2, reader(k, me)));
              k.thread(1, 0, me -> mover(k, me, to));
              k.thread(2, 1, me -> truncater(k, me));
            });
    assertTrue(result.violations().isEmpty(), () -> result.violations().toString());
    assertTrue(result.isComplete(), () -> result.incomplete() + " " + result.effort());
    return result.outcomes().keySet().stream().anyMatch(o -> o.startsWith("[1, 1, 99,"));
  }

  private static long reader(SmallKernel k, Current me) {
    k.calls.mmap(me, X, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, 0, 0);
    k.load(me, X);
    k.log(0, 1);
    return k.load(me, X);
  }

  private static void truncater(SmallKernel k, Current me) {
    k.logged(0).await(1);
    k.truncate.ftruncate(me, k.data.file(0), 0);
    k.calls.mmap(me, X, PAGE, PROT_READ | PROT_WRITE, PRIVATE, -1, 0);
    k.store(me, X, 99);
  }

  @ParameterizedTest
  @CsvSource({
    "v4.9-rc5, true",
    "v4.19-rc7, true",
    "v4.19-rc8, false",
    "latest, false",
    "latest-eb66ae030829, true",
  })
  void mremapAndTruncation(String release, boolean readsAnother) {
    assertEquals(readsAnother, readsAnother(release, NEAR));
  }

  @ParameterizedTest
  @CsvSource({
    "v3.15-rc3, true",
    "v3.15-rc4, true", // no longer counted as mapped, so folio_mkclean() does not wait
    "v6.1, true",
    "v6.2-rc1, false",
    "latest, false",
    "latest-5df397dec7c4, true",
  })
  void munmap(String release, boolean loses) {
    assertEquals(loses, loses(release, X));
  }
}
