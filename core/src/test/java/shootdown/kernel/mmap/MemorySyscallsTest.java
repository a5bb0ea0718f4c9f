package shootdown.kernel.mmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shootdown.kernel.mmap.MmanConstants.MADV_DONTNEED;
import static shootdown.kernel.mmap.MmanConstants.MAP_ANONYMOUS;
import static shootdown.kernel.mmap.MmanConstants.MAP_FIXED;
import static shootdown.kernel.mmap.MmanConstants.MAP_FIXED_NOREPLACE;
import static shootdown.kernel.mmap.MmanConstants.MAP_POPULATE;
import static shootdown.kernel.mmap.MmanConstants.MAP_PRIVATE;
import static shootdown.kernel.mmap.MmanConstants.MAP_SHARED;
import static shootdown.kernel.mmap.MmanConstants.MREMAP_FIXED;
import static shootdown.kernel.mmap.MmanConstants.MREMAP_MAYMOVE;
import static shootdown.kernel.mmap.MmanConstants.MS_SYNC;
import static shootdown.kernel.mmap.MmanConstants.PROT_READ;
import static shootdown.kernel.mmap.MmanConstants.PROT_WRITE;
import static shootdown.kernel.mmap.SmallKernel.PAGE;
import static shootdown.kernel.mmap.SmallKernel.SIGBUS;
import static shootdown.kernel.mmap.SmallKernel.SIGSEGV;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;

/// What each system call does when nothing else runs, on machines that differ in who keeps dirty
/// and young bits.
class MemorySyscallsTest {
  private static final long RW = PROT_READ | PROT_WRITE;
  private static final long ANON = MAP_PRIVATE | MAP_ANONYMOUS;
  private static final long X = 4L * PAGE;
  private static final long Y = 9L * PAGE;
  private static final long FAR = 600L * PAGE;
  private static final long TO = MREMAP_MAYMOVE | MREMAP_FIXED;

  /// What a thread does; the n-th value that it returns is the n-th of the outcome.
  private interface Script {
    List<Long> run(SmallKernel k, Current me);
  }

  private static void expect(String machine, Script script, long... expected) {
    var result =
        SmallKernel.check(
            "latest",
            machine,
            k ->
                k.thread(
                    0,
                    0,
                    me -> {
                      var values = script.run(k, me);
                      for (int i = 0; i < values.size(); i++) {
                        k.log(i, values.get(i));
                      }
                    }));
    var text =
        Arrays.stream(Arrays.copyOf(expected, 12))
            .mapToObj(Long::toString)
            .collect(Collectors.joining(", ", "[", "]"));
    assertTrue(result.violations().isEmpty(), () -> result.violations().toString());
    assertEquals(List.of(text), List.copyOf(result.outcomes().keySet()));
    assertTrue(result.isComplete());
  }

  private static long anon(SmallKernel k, Current me, long at, int pages) {
    return k.calls.mmap(me, at, (long) pages * PAGE, RW, ANON | MAP_FIXED, -1, 0);
  }

  private static long file(SmallKernel k, Current me, long at, long flags) {
    return k.calls.mmap(me, at, 2L * PAGE, RW, flags | MAP_FIXED, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-64", "arm64-swad", "ppc44x"})
  void privateMemoryIsZeroUntilItIsWritten(String machine) {
    expect(
        machine,
        (k, me) ->
            List.of(
                k.calls.mmap(me, 0, PAGE, RW, ANON, -1, 0),
                k.load(me, PAGE),
                k.store(me, PAGE, 7),
                k.load(me, PAGE),
                k.calls.munmap(me, PAGE, PAGE),
                k.load(me, PAGE),
                k.store(me, PAGE, 8)),
        PAGE, 0, 0, 7, 0, SIGSEGV, SIGSEGV);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-64", "ppc44x"})
  void sharedMappingsOfAFileShowIt(String machine) {
    expect(
        machine,
        (k, me) ->
            List.of(
                file(k, me, X, MAP_SHARED),
                k.load(me, X),
                k.store(me, X + PAGE, 21),
                k.pread(1),
                k.calls.msync(me, X, 2L * PAGE, MS_SYNC),
                k.store(me, X + PAGE, 22),
                k.pread(1),
                k.calls.munmap(me, X, 2L * PAGE),
                k.fadvise.posixFadvise(me, k.data.file(0), 0, 0, 4),
                k.pread(1)),
        X, 10, 0, 21, 0, 0, 22, 0, 0, 22);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-64", "ppc44x"})
  void privateMappingsOfAFileKeepTheirWrites(String machine) {
    expect(
        machine,
        (k, me) ->
            List.of(
                file(k, me, X, MAP_PRIVATE),
                k.load(me, X),
                k.store(me, X, 11),
                k.load(me, X),
                k.pread(0),
                k.store(me, X + PAGE, 21),
                k.load(me, X + PAGE),
                k.pread(1),
                k.calls.madvise(me, X, PAGE, MADV_DONTNEED),
                k.load(me, X),
                k.load(me, X + PAGE)),
        X, 10, 0, 11, 10, 0, 21, 20, 0, 10, 21);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-64", "ppc44x"})
  void beyondTheEndOfAFileIsSigbus(String machine) {
    expect(
        machine,
        (k, me) ->
            List.of(
                k.calls.mmap(me, X, 3L * PAGE, RW, MAP_SHARED | MAP_FIXED, 0, 0),
                k.load(me, X + 2L * PAGE),
                k.load(me, X + PAGE),
                k.truncate.ftruncate(me, k.data.file(0), PAGE),
                k.load(me, X + PAGE),
                k.load(me, X)),
        X, SIGBUS, 20, 0, SIGBUS, 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-64", "arm64-swad", "ppc44x"})
  void mprotectTakesRightsAndGivesThemBack(String machine) {
    expect(
        machine,
        (k, me) ->
            List.of(
                anon(k, me, X, 2),
                k.store(me, X + PAGE, 5),
                k.calls.mprotect(me, X + PAGE, PAGE, PROT_READ),
                k.load(me, X + PAGE),
                k.store(me, X + PAGE, 6),
                k.store(me, X, 1),
                k.calls.mprotect(me, X, 2L * PAGE, 0),
                k.load(me, X + PAGE),
                k.calls.mprotect(me, X, 2L * PAGE, RW),
                k.load(me, X + PAGE),
                k.store(me, X + PAGE, 6),
                k.load(me, X + PAGE)),
        X, 0, 0, 5, SIGSEGV, 0, 0, SIGSEGV, 0, 5, 0, 6);
  }

  @ParameterizedTest
  @ValueSource(longs = {Y, FAR})
  void mremapMovesWhatWasStored(long to) {
    expect(
        "x86-64",
        (k, me) ->
            List.of(
                anon(k, me, X, 2),
                k.store(me, X, 1),
                k.store(me, X + PAGE, 2),
                anon(k, me, to, 1),
                k.store(me, to, 9),
                k.calls.mremap(me, X, 2L * PAGE, 2L * PAGE, TO, to),
                k.load(me, to),
                k.load(me, to + PAGE),
                k.load(me, X)),
        X, 0, 0, to, 0, to, 1, 2, SIGSEGV);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-64"})
  void mremapShrinksGrowsAndMovesToGrow(String machine) {
    expect(
        machine,
        (k, me) ->
            List.of(
                anon(k, me, X, 2),
                k.store(me, X, 1),
                k.calls.mremap(me, X, 2L * PAGE, PAGE, 0, 0),
                k.load(me, X + PAGE),
                k.calls.mremap(me, X, PAGE, 2L * PAGE, 0, 0),
                k.load(me, X + PAGE),
                anon(k, me, X + 2L * PAGE, 1),
                k.calls.mremap(me, X, 2L * PAGE, 3L * PAGE, 0, 0),
                k.calls.mremap(me, X, 2L * PAGE, 3L * PAGE, MREMAP_MAYMOVE, 0),
                k.load(me, PAGE),
                k.load(me, 3L * PAGE),
                k.load(me, X)),
        X,
        0,
        X,
        SIGSEGV,
        X,
        0,
        X + 2L * PAGE,
        Errno.ENOMEM.result(),
        PAGE,
        1,
        0,
        SIGSEGV);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-64"})
  void wrongArgumentsGetLinuxErrnos(String machine) {
    expect(
        machine,
        (k, me) ->
            List.of(
                k.calls.mmap(me, 0, 0, RW, ANON, -1, 0),
                k.calls.mmap(me, 0, PAGE, RW, MAP_SHARED, 7, 0),
                k.calls.mmap(me, X + 1, PAGE, RW, ANON | MAP_FIXED, -1, 0),
                anon(k, me, X, 1),
                k.calls.mmap(me, X, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0),
                k.calls.munmap(me, X + 1, PAGE),
                k.calls.munmap(me, Y, PAGE),
                k.calls.mprotect(me, X, 2L * PAGE, PROT_READ),
                k.calls.mremap(me, X, 2L * PAGE, 3L * PAGE, MREMAP_MAYMOVE, 0),
                k.calls.mremap(me, X, PAGE, PAGE, MREMAP_FIXED, Y),
                k.calls.madvise(me, Y, PAGE, MADV_DONTNEED),
                k.calls.msync(me, X, PAGE, 8)),
        Errno.EINVAL.result(),
        Errno.EBADF.result(),
        Errno.EINVAL.result(),
        X,
        Errno.EEXIST.result(),
        Errno.EINVAL.result(),
        0,
        Errno.ENOMEM.result(),
        Errno.EFAULT.result(),
        Errno.EINVAL.result(),
        Errno.ENOMEM.result(),
        Errno.EINVAL.result());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-64", "ppc44x"})
  void aChildHasItsOwnCopyAndSharesWhatIsShared(String machine) {
    var child = new Current(0, 1, 9);
    expect(
        machine,
        (k, me) -> {
          anon(k, me, X, 1);
          k.calls.mmap(
              me, Y, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE, -1, 0);
          k.store(me, X, 1);
          k.data.machine().cpus().load(0, 1);
          k.calls.fork(me, 1);
          return List.of(
              k.load(child, X),
              k.store(me, X, 2),
              k.load(child, X),
              k.store(child, X, 3),
              k.load(me, X),
              k.load(child, X),
              k.store(child, Y, 4),
              k.load(me, Y));
        },
        1, 0, 1, 0, 2, 3, 0, 4);
  }
}
