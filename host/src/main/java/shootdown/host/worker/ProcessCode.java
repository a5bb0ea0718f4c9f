package shootdown.host.worker;

import static shootdown.host.worker.Control.BASE;

import java.nio.file.Path;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Reg;

/// How each worker begins: the shared memory, signals, an alarm.
final class ProcessCode {
  static final long END_OF_USER_SPACE = (1L << 47) - 4096;
  private static final int RLIMIT_MEMLOCK = 8;
  private static final int MEMLOCK = 8 << 20;
  private static final int TIMEOUT_NANOS = 100_000;
  private static final int O_RDWR = 2;
  private static final int READ_WRITE = 3;
  private static final int MAP_SHARED_FIXED = 0x11;

  private ProcessCode() {}

  /// Nothing is left above [WorkerAddresses#OFFSET]: neither the stack that the process came with
  /// nor what the kernel put beside it. What a test does to all of its address space does nothing
  /// to its worker.
  ///
  /// @param shared the file that holds the shared memory, of so many bytes
  /// @param stack address of the end of a stack
  static void begin(Assembler code, Runtime runtime, Path shared, int bytes, long stack) {
    code.move(Reg.RSP, stack);
    code.move(Reg.RDI, WorkerAddresses.OFFSET);
    code.move(Reg.RSI, END_OF_USER_SPACE - WorkerAddresses.OFFSET);
    runtime.call(LinuxCall.MUNMAP);
    runtime.address(Reg.RDI, shared.toString());
    code.move(Reg.RSI, O_RDWR);
    code.move(Reg.RDX, 0);
    runtime.must(LinuxCall.OPEN, "open of the shared memory");
    code.move(Reg.R8, Reg.RAX);
    code.move(Reg.RDI, BASE);
    code.move(Reg.RSI, bytes);
    code.move(Reg.RDX, READ_WRITE);
    code.move(Reg.R10, MAP_SHARED_FIXED);
    code.move(Reg.R9, 0);
    runtime.must(LinuxCall.MMAP, "mmap of the shared memory");
    runtime.dieWithParent();
    runtime.endIfOrphaned();
    code.store(BASE + Control.TIMEOUT, 0);
    code.store(BASE + Control.TIMEOUT + Long.BYTES, TIMEOUT_NANOS);
    runtime.handleSignals();
    limitLocks(code, runtime);
    code.load(Reg.RDI, BASE + Control.ALARM);
    runtime.call(LinuxCall.ALARM);
  }

  /// As much memory may be locked as in the model, if the limit is not lower already.
  private static void limitLocks(Assembler code, Runtime runtime) {
    code.store(BASE + Control.CAPABILITIES, MEMLOCK);
    code.store(BASE + Control.CAPABILITIES + Long.BYTES, MEMLOCK);
    code.move(Reg.RDI, RLIMIT_MEMLOCK);
    code.move(Reg.RSI, BASE + Control.CAPABILITIES);
    runtime.call(LinuxCall.SETRLIMIT);
  }
}
