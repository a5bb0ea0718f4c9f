package shootdown.host.worker;

import static shootdown.host.worker.Control.BASE;

import java.nio.file.Path;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Assembler.Operation;
import shootdown.host.x86.Reg;

/// How each worker begins: the shared memory, signals, an alarm.
final class ProcessCode {
  private static final int MARGIN_BELOW_STACK = 4 << 20;
  private static final int HUGE_PAGE = 2 << 20;
  private static final int TIMEOUT_NANOS = 100_000;
  private static final int O_RDWR = 2;
  private static final int READ_WRITE = 3;
  private static final int MAP_SHARED_FIXED = 0x11;

  private ProcessCode() {}

  /// @param shared the file that holds the shared memory, of so many bytes
  static void begin(Assembler code, Runtime runtime, Path shared, int bytes) {
    code.move(Reg.R15, Reg.RSP);
    code.apply(Operation.SUB, Reg.R15, MARGIN_BELOW_STACK);
    code.apply(Operation.AND, Reg.R15, -HUGE_PAGE);
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
    code.store(BASE + Control.MAPPINGS_END, Reg.R15);
    runtime.call(LinuxCall.GETPPID);
    code.store(BASE + Control.PARENT, Reg.RAX);
    code.store(BASE + Control.TIMEOUT, 0);
    code.store(BASE + Control.TIMEOUT + Long.BYTES, TIMEOUT_NANOS);
    runtime.handleSignals();
    code.load(Reg.RDI, BASE + Control.ALARM);
    runtime.call(LinuxCall.ALARM);
  }
}
