package shootdown.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shootdown.check.Check;
import shootdown.check.Options;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.fault.UserResult;
import shootdown.kernel.filemap.ListBuffer;
import shootdown.kernel.filemap.WordBuffer;
import shootdown.kernel.futex.Futex;
import shootdown.kernel.history.KernelSpec;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.machine.Profiles;
import shootdown.machine.Witness;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Word;

/// The rooms together, as one thread sees them.
class KernelTest {
  private static final Current ME = new Current(0, 0, 1);
  private static final Current KSWAPD = new Current(1, -1, 100);
  private static final long READ_WRITE = 3;
  private static final long MAP_SHARED = 1;
  private static final long PAGE = Layout.PAGE_SIZE;
  private static final long SIGNAL = -1000;

  @Test
  void everyCallIsAMethod() {
    var methods =
        Arrays.stream(Kernel.class.getDeclaredMethods())
            .filter(m -> Modifier.isPublic(m.getModifiers()))
            .map(Method::getName)
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    for (var call : Kernel.CALLS) {
      assertTrue(methods.contains(call.replace("_", "")), call);
    }
  }

  @Test
  void whatIsStoredIsReadBack() {
    assertEquals(
        List.of(42L, 8L),
        run(
            (kernel, buffer) -> {
              int fd = kernel.file(PAGE);
              long x = kernel.mmap(ME, 0, PAGE, READ_WRITE, MAP_SHARED, fd, 0);
              kernel.user().store(ME, x, 42);
              kernel.fsync(ME, fd);
              kernel.munmap(ME, x, PAGE);
              kernel.posixFadvise(ME, fd, 0, PAGE, 4);
              long read = kernel.pread(ME, fd, 8, 0, new WordBuffer(buffer));
              return List.of(buffer.read(), read);
            }));
  }

  @Test
  void writtenMovedForkedReclaimed() {
    assertEquals(
        List.of(5L, SIGNAL),
        run(
            kernel -> {
              int fd = kernel.file(PAGE);
              kernel.pwrite(ME, fd, 8, 0, new ListBuffer(5L));
              long x = kernel.mmap(ME, 0, PAGE, READ_WRITE, MAP_SHARED, fd, 0);
              long y = kernel.reserve(ME, PAGE, 1);
              kernel.mremap(ME, x, PAGE, PAGE, 3, y);
              kernel.fork(ME, 1);
              kernel.writeback(KSWAPD, fd);
              kernel.shrink(KSWAPD, 0, y);
              kernel.syncFileRange(ME, fd, 0, PAGE, 7);
              kernel.fdatasync(ME, fd);
              kernel.msync(ME, y, PAGE, 4);
              kernel.mprotect(ME, y, PAGE, 1);
              return List.of(
                  value(kernel.user().load(ME, y)), value(kernel.user().store(ME, y, 6)));
            }));
  }

  @Test
  void aFutexOfOnesOwn() {
    assertEquals(
        List.of(0L, 1L, Errno.EDEADLK.result(), 0L),
        run(
            kernel -> {
              int fd = kernel.file(PAGE);
              long x = kernel.mmap(ME, 0, PAGE, READ_WRITE, MAP_SHARED, fd, 0);
              return List.of(
                  kernel.futex(ME, x, Futex.FUTEX_LOCK_PI, 0, 0, 0, 0),
                  value(kernel.user().load(ME, x)),
                  kernel.futex(ME, x, Futex.FUTEX_LOCK_PI, 0, 0, 0, 0),
                  kernel.futex(ME, x, Futex.FUTEX_UNLOCK_PI, 0, 0, 0, 0));
            }));
  }

  @Test
  void aFileThatIsNotOpen() {
    long ebadf = Errno.EBADF.result();
    assertEquals(
        List.of(ebadf, ebadf, ebadf),
        run(
            kernel ->
                List.of(
                    kernel.fsync(ME, 0),
                    kernel.pread(ME, 7, 8, 0, new ListBuffer()),
                    kernel.ftruncate(ME, -1, 0))));
  }

  private static long value(UserResult result) {
    return switch (result) {
      case UserResult.Value(long value) -> value;
      case UserResult.Signal _ -> SIGNAL;
    };
  }

  /// What a program of one task tells, the same in every run.
  private static List<Long> run(Function<Kernel, List<Long>> body) {
    return run((kernel, _) -> body.apply(kernel));
  }

  /// As [#run(Function)], of a task that has a word of its own.
  private static List<Long> run(BiFunction<Kernel, Word, List<Long>> body) {
    var result = Check.run(() -> program(body), Options.DEFAULT);
    assertEquals(List.of(), result.violations().stream().map(v -> v.violation()).toList());
    assertEquals(1, result.outcomes().size(), result.outcomes()::toString);
    var words = result.outcomes().keySet().iterator().next().split(" ");
    return Arrays.stream(words).map(Long::valueOf).toList();
  }

  private static Program program(BiFunction<Kernel, Word, List<Long>> body) {
    var program = new Program();
    var machine =
        new Machine(
            program,
            Profiles.find("x86-64").orElseThrow(),
            new Layout(2, 2, 8, 8, 2, 2),
            (_, vpn) -> "page " + vpn,
            Witness.NOBODY);
    var data = new KernelData(program, machine, new QuietGround(), 1, 2);
    var kernel = new Kernel(data, latest().decisions(Timeline.all()), 2);
    var told = program.words("told", 4, 0);
    var length = program.word("length", 0);
    var own = program.word("own", 0);
    program.task(
        "P0",
        Task.Kind.NORMAL,
        () -> {
          machine.cpus().load(ME.cpu(), ME.mm());
          var values = body.apply(kernel, own);
          for (int i = 0; i < values.size(); i++) {
            told.at(i).write(values.get(i));
          }
          length.write(values.size());
        });
    program.outcome(
        view ->
            IntStream.range(0, (int) view.get(length))
                .mapToObj(i -> Long.toString(view.get(told.at(i))))
                .collect(Collectors.joining(" ")));
    return program;
  }

  private static KernelSpec latest() {
    try {
      return KernelSpec.parse("latest", Timeline.all());
    } catch (KernelSpec.SpecException e) {
      throw new AssertionError(e);
    }
  }
}
