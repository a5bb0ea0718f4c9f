package shootdown.host.guest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shootdown.host.worker.LinuxCall;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Assembler.Operation;
import shootdown.host.x86.Condition;
import shootdown.host.x86.Label;
import shootdown.host.x86.Reg;

/// What the first process of a guest is made of: system calls, texts, and subroutines that send and
/// wait.
final class InitRuntime {
  static final long DATA = 0x80_0000;
  /// Three words: of the frame that is sent.
  static final long HEADER = DATA;
  private static final long TIME = DATA + 0x40;
  /// The descriptor of the port.
  static final long PORT = DATA + 0x70;
  private static final long PATH = DATA + 0x100;
  private static final long BUFFER = DATA + 0x1000;
  private static final int BUFFER_BYTES = 0x4000;
  static final long DATA_BYTES = BUFFER - DATA + BUFFER_BYTES;

  private static final int CLOCK_MONOTONIC = 1;
  private static final int NANOS_PER_SECOND = 1_000_000_000;
  private static final int NAP_NANOS = 5_000_000;

  private final Assembler code;
  private final List<String> steps = new ArrayList<>();
  private final Map<String, Label> texts = new LinkedHashMap<>();
  private final Label failed;

  /// Writes RDX bytes at RSI to the port.
  final Label send;
  /// Sends the file whose path RDI points to, behind a header.
  final Label sendFile;
  /// RAX becomes the time in nanoseconds.
  final Label clock;
  /// Sleeps a moment.
  final Label nap;
  /// RDI becomes the path of a file of thread RAX.
  final Label path;

  InitRuntime(Assembler code) {
    this.code = code;
    failed = code.label();
    send = code.label();
    sendFile = code.label();
    clock = code.label();
    nap = code.label();
    path = code.label();
  }

  /// What fails, in words: that of exit code 1 first.
  List<String> steps() {
    return List.copyOf(steps);
  }

  void address(Reg to, String text) {
    code.address(to, texts.computeIfAbsent(text, _ -> code.label()));
  }

  /// Performs a system call whose arguments are in their registers.
  void call(LinuxCall call) {
    code.move(Reg.RAX, call.number());
    code.syscall();
  }

  /// As [#call]; the process ends if it fails.
  void must(LinuxCall call, String what) {
    call(call);
    steps.add(what);
    code.move(Reg.RBX, steps.size());
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NEGATIVE, failed);
  }

  /// The code of all that was used; after everything else.
  void subroutines() {
    sendCode();
    sendFileCode();
    clockCode();
    napCode();
    pathCode();
    code.bind(failed);
    code.move(Reg.RDI, Reg.RBX);
    call(LinuxCall.EXIT_GROUP);
    texts.forEach(
        (text, label) -> {
          code.bind(label);
          code.bytes(text.getBytes(StandardCharsets.UTF_8));
          code.bytes(new byte[1]);
        });
    code.bytes(new byte[2 * Long.BYTES]); // short texts are read as two words
  }

  /// Writes RDX bytes at RSI; destroys RDI, R12 and R13. The port takes a part at a time.
  private void sendCode() {
    code.bind(send);
    code.move(Reg.R12, Reg.RSI);
    code.move(Reg.R13, Reg.RDX);
    var end = code.label();
    var again = code.here();
    code.test(Reg.R13, Reg.R13);
    code.jump(Condition.EQUAL, end);
    code.load(Reg.RDI, PORT);
    code.move(Reg.RSI, Reg.R12);
    code.move(Reg.RDX, Reg.R13);
    code.push(Reg.RBX);
    must(LinuxCall.WRITE, "write to " + InitPlan.PORT);
    code.pop(Reg.RBX);
    code.apply(Operation.ADD, Reg.R12, Reg.RAX);
    code.apply(Operation.SUB, Reg.R13, Reg.RAX);
    code.jump(again);
    code.bind(end);
    code.ret();
  }

  /// Sends the file whose path RDI points to, behind the kind and the number of a header; nothing
  /// where it cannot be read. Destroys RBP and R14.
  private void sendFileCode() {
    code.bind(sendFile);
    code.move(Reg.RSI, 0);
    code.move(Reg.RDX, 0);
    call(LinuxCall.OPEN);
    code.move(Reg.RBP, Reg.RAX);
    code.move(Reg.R14, 0);
    var done = code.label();
    var again = code.here();
    code.move(Reg.RDI, Reg.RBP);
    code.move(Reg.RSI, BUFFER);
    code.apply(Operation.ADD, Reg.RSI, Reg.R14);
    code.move(Reg.RDX, BUFFER_BYTES);
    code.apply(Operation.SUB, Reg.RDX, Reg.R14);
    call(LinuxCall.READ);
    code.apply(Operation.CMP, Reg.RAX, 0);
    code.jump(Condition.LESS_OR_EQUAL, done);
    code.apply(Operation.ADD, Reg.R14, Reg.RAX);
    code.jump(again);
    code.bind(done);
    code.move(Reg.RDI, Reg.RBP);
    call(LinuxCall.CLOSE);
    code.store(HEADER + 2 * Long.BYTES, Reg.R14);
    code.move(Reg.RSI, HEADER);
    code.move(Reg.RDX, Frame.HEADER_BYTES);
    code.call(send);
    code.move(Reg.RSI, BUFFER);
    code.move(Reg.RDX, Reg.R14);
    code.call(send);
    code.ret();
  }

  /// RAX becomes the time in nanoseconds.
  private void clockCode() {
    code.bind(clock);
    code.move(Reg.RDI, CLOCK_MONOTONIC);
    code.move(Reg.RSI, TIME);
    call(LinuxCall.CLOCK_GETTIME);
    code.load(Reg.RAX, TIME);
    code.move(Reg.RCX, NANOS_PER_SECOND);
    code.multiply(Reg.RAX, Reg.RCX);
    code.applyWord(Operation.ADD, Reg.RAX, TIME + Long.BYTES);
    code.ret();
  }

  private void napCode() {
    code.bind(nap);
    code.store(TIME, 0);
    code.store(TIME + Long.BYTES, NAP_NANOS);
    code.move(Reg.RDI, TIME);
    code.move(Reg.RSI, 0);
    call(LinuxCall.NANOSLEEP);
    code.ret();
  }

  /// RDI becomes the address of `/proc/`, the number in RAX, and the text of up to 15 bytes that
  /// RSI points to. It is written from its end on, into words of 8 bytes that overlap.
  private void pathCode() {
    code.bind(path);
    code.move(Reg.RDI, PATH + 0x40);
    code.load(Reg.RCX, Reg.RSI, 0);
    code.store(Reg.RDI, 0, Reg.RCX);
    code.load(Reg.RCX, Reg.RSI, Long.BYTES);
    code.store(Reg.RDI, Long.BYTES, Reg.RCX);
    code.move(Reg.RCX, 10);
    var again = code.here();
    code.move(Reg.RDX, 0);
    code.divideUnsigned(Reg.RCX);
    code.apply(Operation.ADD, Reg.RDX, '0');
    prepend(1);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NOT_EQUAL, again);
    code.move(Reg.RDX, '/' | 'p' << 8 | 'r' << 16 | (long) 'o' << 24 | (long) 'c' << 32
        | (long) '/' << 40);
    prepend(6);
    code.ret();
  }

  /// Puts the lowest bytes of RDX before what RDI points to; R8 and R9 are destroyed.
  private void prepend(int bytes) {
    int bits = Byte.SIZE * bytes;
    code.apply(Operation.SUB, Reg.RDI, bytes);
    code.load(Reg.R8, Reg.RDI, 0);
    code.shift(Assembler.Shift.LOGICAL_RIGHT, Reg.R8, bits);
    code.shift(Assembler.Shift.LEFT, Reg.R8, bits);
    code.apply(Operation.OR, Reg.R8, Reg.RDX);
    code.store(Reg.RDI, 0, Reg.R8);
  }
}
