package shootdown.host.worker;

import shootdown.host.x86.Assembler;
import shootdown.host.x86.Reg;
import shootdown.litmus.SystemCall;

/// What of the kernel a function of a test is on real Linux.
final class LinuxCalls {
  private static final int MADV_PAGEOUT = 21;
  private static final int MADV_COLLAPSE = 25;
  private static final int SYNC_WAIT_WRITE_WAIT = 7;
  private static final int PAGE = 4096;
  private static final int HUGE_PAGE = 2 << 20;

  private LinuxCalls() {}

  /// The system call.
  ///
  /// @throws Unrunnable if no system call does that
  static LinuxCall of(SystemCall function) {
    return switch (function) {
      case MMAP -> LinuxCall.MMAP;
      case MUNMAP -> LinuxCall.MUNMAP;
      case MREMAP -> LinuxCall.MREMAP;
      case MPROTECT -> LinuxCall.MPROTECT;
      case MADVISE, SHRINK, COLLAPSE -> LinuxCall.MADVISE;
      case MSYNC -> LinuxCall.MSYNC;
      case MLOCK -> LinuxCall.MLOCK;
      case MUNLOCK -> LinuxCall.MUNLOCK;
      case POSIX_FADVISE -> LinuxCall.FADVISE64;
      case PREAD -> LinuxCall.PREAD64;
      case PWRITE -> LinuxCall.PWRITE64;
      case FTRUNCATE -> LinuxCall.FTRUNCATE;
      case FSYNC -> LinuxCall.FSYNC;
      case FDATASYNC -> LinuxCall.FDATASYNC;
      case SYNC_FILE_RANGE, WRITEBACK -> LinuxCall.SYNC_FILE_RANGE;
      case FUTEX -> LinuxCall.FUTEX;
      case MIGRATE ->
          throw cannot(function, "compaction chooses its pages itself, and move_pages() needs a"
              + " second memory node");
      case NUMA_HINT ->
          throw cannot(function, "the kernel chooses what to sample, where there are memory nodes");
      case KSM_MERGE ->
          throw cannot(function, "ksmd works when it likes, and only root turns it on");
      case OOM_REAP ->
          throw cannot(function, "memory would have to run out, and the kernel to kill a process");
      case VMSPLICE -> LinuxCall.VMSPLICE;
      case READ -> LinuxCall.READ;
      case FORK, WAIT, FILE, OPEN, PIPE, RESERVE ->
          throw new IllegalArgumentException(function + " is no plain system call");
    };
  }

  private static Unrunnable cannot(SystemCall function, String why) {
    return new Unrunnable(
        function.functionName() + "(): no user can make the kernel do this to a page now: " + why);
  }

  /// Arguments that the test does not give: what user space can ask for in place of the kernel's
  /// own work.
  static void extra(SystemCall function, Assembler code) {
    switch (function) {
      case WRITEBACK -> {
        code.move(Reg.RSI, 0);
        code.move(Reg.RDX, 0);
        code.move(Reg.R10, SYNC_WAIT_WRITE_WAIT);
      }
      case SHRINK -> advise(code, PAGE, MADV_PAGEOUT);
      case COLLAPSE -> advise(code, HUGE_PAGE, MADV_COLLAPSE);
      default -> {}
    }
  }

  private static void advise(Assembler code, int size, int advice) {
    code.apply(Assembler.Operation.AND, Reg.RDI, -size);
    code.move(Reg.RSI, size);
    code.move(Reg.RDX, advice);
  }
}
