package shootdown.host.worker;

import shootdown.host.x86.Assembler;
import shootdown.host.x86.Reg;
import shootdown.litmus.SystemCall;

/// What of the kernel a function of a test is on real Linux.
final class LinuxCalls {
  static final int SYNC_WAIT_WRITE_WAIT = 7;

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
      case MADVISE -> LinuxCall.MADVISE;
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
      case NUMA_HINT ->
          throw cannot(function, "NUMA balancing samples pages that it chooses, of all processes,"
              + " once for each second that a thread has run, and only root turns it on");
      case CLEAR_REFS ->
          throw new Unrunnable(
              "clear_refs(): it takes three system calls, open(), write() and close() of"
                  + " /proc/self/clear_refs, and the worker makes one");
      case OOM_REAP ->
          throw cannot(function, "process_mrelease() does it to a process that has been killed, and"
              + " here that would be the worker itself");
      case VMSPLICE -> LinuxCall.VMSPLICE;
      case READ -> LinuxCall.READ;
      case FORK, WAIT, FILE, MEMFD, OPEN, PIPE, USERFAULTFD, IOCTL, RESERVE, MMU_GATHER, SHRINK,
          COLLAPSE, MIGRATE, KSM_MERGE ->
          throw new IllegalArgumentException(function + " is no plain system call");
    };
  }

  private static Unrunnable cannot(SystemCall function, String why) {
    return new Unrunnable(
        function.functionName() + "(): no user can make the kernel do this to a page now: " + why);
  }

  /// `writeback()` has no other arguments: all of the file, and its end is waited for.
  static void writeback(Assembler code) {
    code.move(Reg.RSI, 0);
    code.move(Reg.RDX, 0);
    code.move(Reg.R10, SYNC_WAIT_WRITE_WAIT);
  }
}
