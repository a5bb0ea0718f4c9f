package shootdown.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import shootdown.kernel.Kernel;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.fault.UserResult;
import shootdown.kernel.filemap.UserBuffer;
import shootdown.litmus.SystemCall;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// The system that threads of a test see: the modelled kernel.
final class KernelSystem implements SystemInterface {
  private static final Set<SystemCall> OWN =
      EnumSet.of(
          SystemCall.FILE,
          SystemCall.MEMFD,
          SystemCall.RESERVE,
          SystemCall.MMU_GATHER,
          SystemCall.WAIT);

  private static final Set<SystemCall> SLEEPING =
      EnumSet.of(
          SystemCall.FUTEX, SystemCall.READ, SystemCall.WAIT, SystemCall.USERFAULTFD);

  /// `TASK_SIZE` of x86-64.
  private static final long END_OF_USER_SPACE = (1L << 47) - Layout.PAGE_SIZE;

  /// Where a child thread lives.
  ///
  /// @param mm its address space
  /// @param tid its thread id
  /// @param state to start it and to wait for it
  record Child(int mm, int tid, ThreadState state) {}

  private final Kernel kernel;
  private final Steps steps;
  private final Layout layout;
  private final IntFunction<Child> children;
  private final boolean maySleep;

  /// @param layout of the machine
  /// @param children tells of the child thread with this number
  /// @param maySleep a thread of the first process calls what may wait for another thread
  KernelSystem(
      Kernel kernel,
      Steps steps,
      Layout layout,
      IntFunction<Child> children,
      boolean maySleep) {
    this.maySleep = maySleep;
    this.layout = layout;
    this.kernel = kernel;
    this.steps = steps;
    this.children = children;
  }

  /// Whether a thread that calls it may wait for another one.
  static boolean maySleep(SystemCall function) {
    return SLEEPING.contains(function);
  }

  /// Whether the kernel has this function.
  static boolean has(SystemCall function) {
    return OWN.contains(function) || Kernel.CALLS.contains(function.functionName());
  }

  @Override
  public Loaded load(Current me, long address) {
    return switch (kernel.user().userLoad(me, address)) {
      case UserResult.Value(long value) -> new Loaded(value, 0);
      case UserResult.Signal(var kind) -> new Loaded(0, number(kind));
    };
  }

  @Override
  public int store(Current me, long address, long value) {
    return switch (kernel.user().userStore(me, address, value)) {
      case UserResult.Value _ -> 0;
      case UserResult.Signal(var kind) -> number(kind);
    };
  }

  private static int number(UserResult.Kind kind) {
    return switch (kind) {
      case SIGSEGV -> Signal.SIGSEGV.number();
      case SIGBUS -> Signal.SIGBUS.number();
      case SIGKILL -> Signal.SIGKILL.number();
    };
  }

  @Override
  public int pending(Current me) {
    return me.mm() >= 0 && kernel.user().isKilled(me) ? Signal.SIGKILL.number() : 0;
  }

  @Override
  public long call(Current me, SystemCall function, List<Given> arguments) {
    var a = new Arguments(arguments);
    return switch (function) {
      case MMAP -> kernel.mmap(me, a.at(0), a.at(1), a.at(2), a.at(3), a.number(4), a.at(5));
      case MUNMAP -> kernel.munmap(me, a.at(0), a.at(1));
      case MREMAP -> kernel.mremap(me, a.at(0), a.at(1), a.at(2), a.at(3), a.at(4));
      case MPROTECT -> kernel.mprotect(me, a.at(0), a.at(1), a.at(2));
      case MADVISE -> kernel.madvise(me, a.at(0), a.at(1), a.at(2));
      case MLOCK -> kernel.mlock(me, a.at(0), a.at(1));
      case MUNLOCK -> kernel.munlock(me, a.at(0), a.at(1));
      case MSYNC -> kernel.msync(me, a.at(0), a.at(1), a.at(2));
      case POSIX_FADVISE -> kernel.posixFadvise(me, a.number(0), a.at(1), a.at(2), a.number(3));
      case PREAD -> pread(me, a);
      case PWRITE -> pwrite(me, a);
      case VMSPLICE ->
          kernel.isPipe(a.number(0)) && kernel.takesSpliceFlags(a.at(3)) && isBad(a)
              ? Errno.EFAULT.result()
              : kernel.vmsplice(me, a.number(0), a.at(1), a.at(2), a.at(3));
      case READ -> read(me, a);
      case OPEN -> kernel.open(me, a.number(0), a.at(1));
      case PIPE -> kernel.pipe();
      case USERFAULTFD -> kernel.userfaultfd(me, a.at(0));
      case IOCTL ->
          kernel.ioctl(me, a.number(0), a.at(1), a.at(2), a.at(3), a.at(4), a.at(5));
      case FTRUNCATE -> kernel.ftruncate(me, a.number(0), a.at(1));
      case FSYNC -> kernel.fsync(me, a.number(0));
      case FDATASYNC -> kernel.fdatasync(me, a.number(0));
      case SYNC_FILE_RANGE -> kernel.syncFileRange(me, a.number(0), a.at(1), a.at(2), a.at(3));
      case FUTEX ->
          kernel.futex(
              me, a.at(0), a.number(1), a.number(2), a.at(3), a.at(4), a.number(5));
      case FORK -> fork(me, a.number(0));
      case WAIT -> waitFor(a.number(0));
      case FILE -> kernel.file(a.at(0));
      case MEMFD -> kernel.memfd(a.at(0));
      case RESERVE -> kernel.reserve(me, a.at(0), alignment(a.at(0)));
      case MMU_GATHER -> 0; // LitmusProgram has laid out the kernel like that
      case WRITEBACK -> {
        kernel.writeback(me, a.number(0));
        yield 0;
      }
      case SHRINK -> {
        kernel.shrink(me, 0, a.at(0));
        yield 0;
      }
      case MIGRATE -> {
        kernel.migrate(me, 0, a.at(0));
        yield 0;
      }
      case NUMA_HINT -> {
        kernel.numaHint(me, 0, a.at(0));
        yield 0;
      }
      case COLLAPSE -> {
        kernel.collapse(me, 0, a.at(0));
        yield 0;
      }
      case CLEAR_REFS -> {
        kernel.clearRefs(me, 0);
        yield 0;
      }
      case OOM_REAP -> {
        if (maySleep) {
          throw steps.fail(
              new Violation(Machine.LIMIT, "oom_reap() of a process whose threads may sleep"));
        }
        kernel.oomReap(me, 0);
        yield 0;
      }
      case KSM_MERGE -> {
        kernel.ksmMerge(me, 0, a.at(0), a.at(1));
        yield 0;
      }
    };
  }

  /// What is as large as a page-table page maps is aligned to it, so that it can be one huge page.
  private int alignment(long bytes) {
    int pages = layout.ptrsPerPte();
    return bytes >= (long) pages * Layout.PAGE_SIZE ? pages : 1;
  }

  private long pread(Current me, Arguments a) {
    int fd = a.number(0);
    if (a.at(3) >= 0 && kernel.isOpen(fd) && isBad(a)) {
      return Errno.EFAULT.result();
    }
    if (kernel.isDirect(fd)) {
      if (a.given(1).register().isPresent()) {
        throw steps.fail(new Violation(Machine.LIMIT, "a register as a buffer of direct I/O"));
      }
      return kernel.preadDirect(me, fd, a.at(1), a.at(2), a.at(3));
    }
    return kernel.pread(me, fd, a.at(2), a.at(3), buffer(me, a));
  }

  private long read(Current me, Arguments a) {
    return kernel.isReadable(a.number(0)) && isBad(a)
        ? Errno.EFAULT.result()
        : kernel.read(me, a.number(0), a.at(2), buffer(me, a));
  }

  private long pwrite(Current me, Arguments a) {
    int fd = a.number(0);
    if (kernel.isDirect(fd)) {
      throw steps.fail(new Violation(Machine.LIMIT, "pwrite() with O_DIRECT"));
    }
    return a.at(3) >= 0 && kernel.isOpen(fd) && isBad(a)
        ? Errno.EFAULT.result()
        : kernel.pwrite(me, fd, a.at(2), a.at(3), buffer(me, a));
  }

  /// The second argument, of as many bytes as the third says.
  private UserBuffer buffer(Current me, Arguments a) {
    var register = a.given(1).register();
    if (register.isEmpty()) {
      return new MemoryBuffer(kernel.user(), me, a.at(1), layout.wordsPerPage());
    }
    if (a.at(2) != Layout.WORD_SIZE) {
      throw steps.fail(
          new Violation(Machine.LIMIT, "a register as a buffer of other than one word"));
    }
    return new RegisterBuffer(register.get());
  }

  /// `access_ok()` of a system call's buffer, the other way round.
  private static boolean isBad(Arguments a) {
    return a.given(1).register().isEmpty()
        && (a.at(1) < 0 || a.at(2) < 0 || a.at(1) > END_OF_USER_SPACE - a.at(2));
  }

  private long fork(Current me, int thread) {
    var child = children.apply(thread);
    kernel.fork(me, child.mm());
    child.state().started().write(1);
    return child.tid();
  }

  private long waitFor(int thread) {
    var child = children.apply(thread);
    child.state().ended().sleepUntil(-1L, 1);
    return child.tid();
  }

  /// Arguments of a call; those left out are 0.
  private record Arguments(List<Given> all) {
    Given given(int i) {
      return i < all.size() ? all.get(i) : Given.number(0);
    }

    long at(int i) {
      return given(i).value();
    }

    /// As C passes a long where an int is expected.
    int number(int i) {
      return (int) at(i);
    }
  }
}
