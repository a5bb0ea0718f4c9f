package shootdown.host.worker;

import shootdown.host.x86.Assembler;
import shootdown.host.x86.Assembler.Operation;
import shootdown.host.x86.Condition;
import shootdown.host.x86.Reg;

/// Machine code for userfaultfds: their structs are on the stack.
final class UffdCode {
  /// The descriptor of a test's userfaultfd.
  static final int DESCRIPTOR = 97;

  private static final int UFFD_API = 0xAA;
  private static final long UFFDIO_API = 0xc018aa3fL;
  private static final int API_WORDS = 3; // api, features, ioctls
  private static final int WORD = 8;

  /// `struct uffd_msg`, and where it has the address of a page fault.
  private static final int MESSAGE = 32;

  private static final int ADDRESS = 16;

  private final Assembler code;

  UffdCode(Assembler code) {
    this.code = code;
  }

  /// UFFDIO_API without features, of the userfaultfd of the test.
  void api(Runtime runtime) {
    code.move(Reg.RAX, 0);
    code.push(Reg.RAX);
    code.push(Reg.RAX);
    code.move(Reg.RAX, UFFD_API);
    code.push(Reg.RAX);
    code.move(Reg.RDI, DESCRIPTOR);
    code.move(Reg.RSI, UFFDIO_API);
    code.move(Reg.RDX, Reg.RSP);
    runtime.must(LinuxCall.IOCTL, "UFFDIO_API");
    code.apply(Operation.ADD, Reg.RSP, API_WORDS * WORD);
  }

  /// What the kernel writes behind the fields of a request's struct.
  void result() {
    code.move(Reg.RAX, 0);
    code.push(Reg.RAX);
  }

  /// A request: below its result are its fields, the request and the descriptor, all on the stack.
  ///
  /// @param fields how many
  void ioctl(int fields) {
    code.pop(Reg.RDI);
    code.pop(Reg.RSI);
    code.move(Reg.RDX, Reg.RSP);
    code.move(Reg.RAX, LinuxCall.IOCTL.number());
    code.syscall();
    code.apply(Operation.ADD, Reg.RSP, (fields + 1) * WORD);
  }

  /// read(2) with its arguments in their registers, if it is of the userfaultfd: the address alone
  /// comes into the buffer. Else `other` is done.
  void readOr(Runnable other) {
    var plain = code.label();
    var end = code.label();
    code.apply(Operation.CMP, Reg.RDI, DESCRIPTOR);
    code.jump(Condition.NOT_EQUAL, plain);
    code.push(Reg.RSI);
    code.apply(Operation.SUB, Reg.RSP, MESSAGE);
    code.move(Reg.RSI, Reg.RSP);
    code.move(Reg.RDX, MESSAGE);
    code.move(Reg.RAX, LinuxCall.READ.number());
    code.syscall();
    code.load(Reg.RCX, Reg.RSP, ADDRESS);
    code.apply(Operation.ADD, Reg.RSP, MESSAGE);
    code.pop(Reg.RSI);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NEGATIVE, end);
    code.store(Reg.RSI, 0, Reg.RCX);
    code.move(Reg.RAX, WORD);
    code.jump(end);
    code.bind(plain);
    other.run();
    code.bind(end);
  }
}
