package shootdown.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import shootdown.kernel.Kernel;
import shootdown.kernel.data.Current;
import shootdown.kernel.fault.UserResult;
import shootdown.litmus.SystemCall;
import shootdown.machine.Layout;

/// The system that threads of a test see: the modelled kernel.
final class KernelSystem implements SystemInterface {
  private static final Set<SystemCall> BUILT = EnumSet.of(SystemCall.MMAP, SystemCall.MUNMAP, SystemCall.MREMAP, SystemCall.MPROTECT, SystemCall.MADVISE, SystemCall.MSYNC, SystemCall.POSIX_FADVISE, SystemCall.PREAD, SystemCall.PWRITE, SystemCall.FTRUNCATE, SystemCall.FSYNC, SystemCall.FDATASYNC, SystemCall.SYNC_FILE_RANGE, SystemCall.FORK, SystemCall.WAIT, SystemCall.FILE, SystemCall.RESERVE, SystemCall.WRITEBACK, SystemCall.SHRINK);

  /// Where a child thread lives.
  ///
  /// @param mm its address space
  /// @param tid its thread id
  /// @param state to start it and to wait for it
  record Child(int mm, int tid, ThreadState state) {}

  private final Kernel kernel;
  private final IntFunction<Child> children;

  /// @param children tells of the child thread with this number
  KernelSystem(Kernel kernel, IntFunction<Child> children) {
    this.kernel = kernel;
    this.children = children;
  }

  /// Whether the kernel has this function.
  static boolean has(SystemCall function) {
    return BUILT.contains(function);
  }

  @Override
  public Loaded load(Current me, long address) {
    return switch (kernel.user.load(me, address)) {
      case UserResult.Value(long value) -> new Loaded(value, 0);
      case UserResult.Signal(var kind) -> new Loaded(0, number(kind));
    };
  }

  @Override
  public int store(Current me, long address, long value) {
    return switch (kernel.user.store(me, address, value)) {
      case UserResult.Value _ -> 0;
      case UserResult.Signal(var kind) -> number(kind);
    };
  }

  private static int number(UserResult.Kind kind) {
    return switch (kind) {
      case SIGSEGV -> Signal.SIGSEGV.number();
      case SIGBUS -> Signal.SIGBUS.number();
    };
  }

  @Override
  public long call(Current me, SystemCall function, List<Given> arguments) {
    kernel.data.machine().storeBuffers().drain(me.cpu());
    var a = new Arguments(arguments);
    return switch (function) {
      case MMAP -> kernel.memory.mmap(me, a.at(0), a.at(1), a.at(2), a.at(3), (int) a.at(4), a.at(5));
      case MUNMAP -> kernel.memory.munmap(me, a.at(0), a.at(1));
      case MREMAP -> kernel.memory.mremap(me, a.at(0), a.at(1), a.at(2), a.at(3), a.at(4));
      case MPROTECT -> kernel.memory.mprotect(me, a.at(0), a.at(1), a.at(2));
      case MADVISE -> kernel.memory.madvise(me, a.at(0), a.at(1), a.at(2));
      case MSYNC -> kernel.memory.msync(me, a.at(0), a.at(1), a.at(2));
      case POSIX_FADVISE -> kernel.fadvise.posixFadvise(me, kernel.data.file((int) a.at(0)), a.at(1), a.at(2), (int) a.at(3));
      case PREAD -> pread(a);
      case FTRUNCATE -> kernel.truncate.ftruncate(me, kernel.data.file((int) a.at(0)), a.at(1));
      case FSYNC -> kernel.fsync.fsync(me, kernel.data.file((int) a.at(0)));
      case FORK -> fork(me, (int) a.at(0));
      case WAIT -> waitFor((int) a.at(0));
      case FILE -> file(a.at(0));
      case RESERVE -> kernel.memory.reserve(me, a.at(0), a.at(0) >= 2097152 ? Layout.PTRS_PER_PTE : 1);
      case WRITEBACK -> { kernel.writeback.writeback(me, kernel.data.file((int) a.at(0))); yield 0; }
      case SHRINK -> { kernel.reclaim.shrink(me, 0, (int) (a.at(0) / Layout.PAGE_SIZE)); yield 0; }
      default -> throw new IllegalArgumentException("not built: " + function);
    };
  }

  private long pread(Arguments a) {
    var read = kernel.io.pread(kernel.data.file((int) a.at(0)), a.at(2), a.at(3));
    if (!read.words().isEmpty()) {
      a.register(1).write(read.words().getFirst());
    }
    return read.result();
  }

  private long file(long bytes) {
    for (var file : kernel.data.files()) {
      if (file.kind().is(0)) {
        file.kind().write(shootdown.kernel.data.FileData.Kind.DISK.ordinal());
        file.size().write(bytes);
        return file.number();
      }
    }
    throw new IllegalStateException("files");
  }

  private long fork(Current me, int thread) {
    var child = children.apply(thread);
    kernel.memory.fork(me, child.mm());
    child.state().started().write(1);
    return child.tid();
  }

  private long waitFor(int thread) {
    var child = children.apply(thread);
    child.state().ended().sleepUntil(-1L, 1);
    return child.tid();
  }

  /// Arguments of a call, those left out 0.
  private record Arguments(List<Given> given) {
    long at(int i) {
      return i < given.size() ? given.get(i).value() : 0;
    }

    shootdown.sched.Word register(int i) {
      return given.get(i).register().orElseThrow();
    }
  }
}
