package shootdown.host.guest;

import static shootdown.host.worker.Control.BASE;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shootdown.host.guest.Frame.Kind;
import shootdown.host.worker.Control;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.worker.LinuxCall;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Assembler.Operation;
import shootdown.host.x86.Condition;
import shootdown.host.x86.Label;
import shootdown.host.x86.Reg;
import shootdown.host.x86.StaticElf;
import shootdown.host.x86.StaticElf.Rights;
import shootdown.host.x86.StaticElf.Segment;

/// The first process of a guest. It does what Java does for a worker on this machine: it starts the
/// worker, which is the same program, and takes its records out of the ring; it sends them through
/// a port of virtio as [frames][Frame].
///
/// ```text
/// mounts, port, shared memory, files before
/// start: a worker
///   for ever: records; has it ended? is it stuck? is the time over?
/// files after, the end
/// ```
///
/// What fails ends it with the number of the step plus 1 as its exit code, which the kernel's panic
/// tells.
final class InitCode {
  private static final long CODE = 0x40_0000;
  private static final long DATA = 0x80_0000;
  private static final long HEADER = DATA;
  private static final long TIME = DATA + 0x40;
  private static final long WAIT_STATUS = DATA + 0x60;
  private static final long PORT = DATA + 0x70;
  private static final long CHILD = DATA + 0x78;
  private static final long LAST_NEWS = DATA + 0x80;
  private static final long END = DATA + 0x88;
  private static final long NOW = DATA + 0x90;
  private static final long CLOCK = DATA + 0xA0;
  private static final long ARGUMENTS = DATA + 0xC0;
  private static final long PATH = DATA + 0x100;
  private static final long BUFFER = DATA + 0x1000;
  private static final int BUFFER_BYTES = 0x4000;

  private static final int SIGCHLD = 17;
  private static final int SIGKILL = 9;
  private static final int O_RDWR = 2;
  private static final int O_RDWR_CREAT = 0x42;
  private static final int OWNER = 0600;
  private static final int READ_WRITE = 3;
  private static final int MAP_SHARED_FIXED = 0x11;
  private static final int WNOHANG = 1;
  private static final int ALL = -1; // processes but this one
  private static final int CLOCK_MONOTONIC = 1;
  private static final int NANOS_PER_SECOND = 1_000_000_000;
  private static final int NAP_NANOS = 5_000_000;
  private static final int REBOOT_MAGIC_1 = 0xfee1dead;
  private static final int REBOOT_MAGIC_2 = 672274793;
  private static final int RESTART = 0x01234567;

  private final InitPlan plan;
  private final Assembler code = new Assembler(CODE);
  private final List<String> steps = new ArrayList<>();
  private final Map<String, Label> texts = new LinkedHashMap<>();
  private final Label failed = code.label();
  private final Label send = code.label();
  private final Label sendFile = code.label();
  private final Label drain = code.label();
  private final Label clock = code.label();
  private final Label nap = code.label();
  private final Label path = code.label();
  private final Label start = code.label();

  /// An executable, and what its exit codes mean.
  record Program(byte[] file, List<String> steps) {}

  private InitCode(InitPlan plan) {
    this.plan = plan;
  }

  static Program of(InitPlan plan) {
    return new InitCode(plan).translate();
  }

  private Program translate() {
    begin();
    startWorker();
    watch();
    stuck();
    subroutines();
    byte[] text = code.finish();
    byte[] file =
        StaticElf.of(
            CODE,
            List.of(
                new Segment(CODE, text, text.length, Rights.READ_EXECUTE),
                new Segment(
                    DATA, new byte[0], BUFFER - DATA + BUFFER_BYTES, Rights.READ_WRITE)));
    return new Program(file, List.copyOf(steps));
  }

  private void begin() {
    mount("devtmpfs", "/dev", "devtmpfs");
    mount("proc", "/proc", "proc");
    mount("sysfs", "/sys", "sysfs");
    openPort();
    if (plan.needsFiles()) {
      mount(InitPlan.DISK, InitPlan.FOLDER, InitPlan.FILE_SYSTEM);
    }
    address(Reg.RDI, InitPlan.SWAP);
    code.move(Reg.RSI, 0);
    must(LinuxCall.SWAPON, "swapon of " + InitPlan.SWAP);
    sharedMemory();
    files(Kind.FILE_BEFORE);
    sendClock();
    code.call(clock);
    code.move(Reg.RCX, plan.nanos());
    code.apply(Operation.ADD, Reg.RAX, Reg.RCX);
    code.store(END, Reg.RAX);
  }

  private void mount(String source, String target, String type) {
    address(Reg.RDI, source);
    address(Reg.RSI, target);
    address(Reg.RDX, type);
    code.move(Reg.R10, 0);
    code.move(Reg.R8, 0);
    must(LinuxCall.MOUNT, "mount of " + type + " on " + target);
  }

  /// The kernel learns of the port a moment after it has found the device.
  private void openPort() {
    var isOpen = code.label();
    var again = code.here();
    address(Reg.RDI, InitPlan.PORT);
    code.move(Reg.RSI, O_RDWR);
    code.move(Reg.RDX, 0);
    call(LinuxCall.OPEN);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NOT_NEGATIVE, isOpen);
    code.call(nap);
    code.jump(again);
    code.bind(isOpen);
    code.store(PORT, Reg.RAX);
  }

  private void sharedMemory() {
    address(Reg.RDI, InitPlan.RING);
    code.move(Reg.RSI, O_RDWR_CREAT);
    code.move(Reg.RDX, OWNER);
    must(LinuxCall.OPEN, "open of " + InitPlan.RING);
    code.move(Reg.RBP, Reg.RAX);
    code.move(Reg.RDI, Reg.RBP);
    code.move(Reg.RSI, plan.size());
    must(LinuxCall.FTRUNCATE, "ftruncate of " + InitPlan.RING);
    code.move(Reg.R8, Reg.RBP);
    code.move(Reg.RDI, BASE);
    code.move(Reg.RSI, plan.size());
    code.move(Reg.RDX, READ_WRITE);
    code.move(Reg.R10, MAP_SHARED_FIXED);
    code.move(Reg.R9, 0);
    must(LinuxCall.MMAP, "mmap of " + InitPlan.RING);
  }

  private void files(Kind kind) {
    for (int i = 0; i < plan.files().size(); i++) {
      header(kind, i);
      address(Reg.RDI, plan.files().get(i));
      code.call(sendFile);
    }
  }

  private void startWorker() {
    code.bind(start);
    address(Reg.RDI, InitPlan.CONTROL);
    code.move(Reg.RSI, 0);
    code.move(Reg.RDX, 0);
    must(LinuxCall.OPEN, "open of " + InitPlan.CONTROL);
    code.move(Reg.RBP, Reg.RAX);
    code.move(Reg.RDI, Reg.RBP);
    code.move(Reg.RSI, BASE);
    code.move(Reg.RDX, plan.ring());
    must(LinuxCall.READ, "read of " + InitPlan.CONTROL);
    code.move(Reg.RDI, Reg.RBP);
    call(LinuxCall.CLOSE);
    code.call(clock);
    code.store(LAST_NEWS, Reg.RAX);
    var parent = code.label();
    code.move(Reg.RDI, SIGCHLD);
    for (var register : List.of(Reg.RSI, Reg.RDX, Reg.R10, Reg.R8)) {
      code.move(register, 0);
    }
    must(LinuxCall.CLONE, "clone");
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NOT_EQUAL, parent);
    address(Reg.RDI, InitPlan.WORKER);
    code.store(ARGUMENTS, Reg.RDI);
    code.move(Reg.RSI, ARGUMENTS);
    code.move(Reg.RDX, ARGUMENTS + Long.BYTES);
    must(LinuxCall.EXECVE, "execve of " + InitPlan.WORKER);
    code.bind(parent);
    code.store(CHILD, Reg.RAX);
  }

  /// What was written before the worker ended is drained after its end was seen.
  private void watch() {
    var running = code.label();
    var inTime = code.label();
    var again = code.here();
    code.load(Reg.RDI, CHILD);
    waitFor(WNOHANG);
    code.move(Reg.RBX, Reg.RAX);
    code.call(drain);
    code.test(Reg.RBX, Reg.RBX);
    code.jump(Condition.EQUAL, running);
    finish();
    code.bind(running);
    code.call(clock);
    code.store(NOW, Reg.RAX);
    code.applyWord(Operation.CMP, Reg.RAX, END);
    code.jump(Condition.LESS, inTime);
    code.store(BASE + Control.STOP, 1);
    code.bind(inTime);
    code.applyWord(Operation.SUB, Reg.RAX, LAST_NEWS);
    code.move(Reg.RCX, plan.patienceNanos());
    code.apply(Operation.CMP, Reg.RAX, Reg.RCX);
    var patient = code.label();
    code.jump(Condition.LESS, patient);
    var isStuck = code.label();
    code.jump(isStuck);
    code.bind(patient);
    code.call(nap);
    code.jump(again);
    code.bind(isStuck);
  }

  /// Says where the threads are, ends the worker with all that it forked, and starts another, if
  /// there is time.
  private void stuck() {
    sendControl(Kind.STUCK, 0);
    for (int i = 0; i < plan.threads(); i++) {
      threadFile(Kind.STUCK_STAT, i, "/stat");
      threadFile(Kind.STUCK_CALL, i, "/syscall");
    }
    header(Kind.STUCK_END, 0);
    sendHeader(0);
    code.move(Reg.RDI, ALL);
    code.move(Reg.RSI, SIGKILL);
    call(LinuxCall.KILL);
    var more = code.here();
    code.move(Reg.RDI, ALL);
    waitFor(0);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NOT_NEGATIVE, more);
    var over = code.label();
    code.load(Reg.RAX, NOW);
    code.applyWord(Operation.CMP, Reg.RAX, END);
    code.jump(Condition.GREATER_OR_EQUAL, over);
    code.jump(start);
    code.bind(over);
    finish();
  }

  private void threadFile(Kind kind, int index, String name) {
    header(kind, index);
    code.load(Reg.RAX, BASE + Control.word(index, ThreadWord.TID));
    address(Reg.RSI, name);
    code.call(path);
    code.call(sendFile);
  }

  /// RDI is the process.
  private void waitFor(int options) {
    code.move(Reg.RSI, WAIT_STATUS);
    code.move(Reg.RDX, options);
    code.move(Reg.R10, 0);
    call(LinuxCall.WAIT4);
  }

  private void finish() {
    files(Kind.FILE_AFTER);
    sendClock();
    code.load(Reg.RAX, WAIT_STATUS);
    code.store(HEADER + Long.BYTES, Reg.RAX);
    code.store(HEADER, Kind.ENDED.word());
    sendControlBehindHeader();
    code.move(Reg.RDI, REBOOT_MAGIC_1 & 0xffff_ffffL);
    code.move(Reg.RSI, REBOOT_MAGIC_2);
    code.move(Reg.RDX, RESTART);
    code.move(Reg.R10, 0);
    must(LinuxCall.REBOOT, "reboot");
  }

  // -----------------------------------------------------------------------------------------
  // Frames
  // -----------------------------------------------------------------------------------------

  private void header(Kind kind, int number) {
    code.store(HEADER, kind.word());
    code.store(HEADER + Long.BYTES, number);
  }

  private void sendHeader(int length) {
    code.store(HEADER + 2 * Long.BYTES, length);
    code.move(Reg.RSI, HEADER);
    code.move(Reg.RDX, Frame.HEADER_BYTES);
    code.call(send);
  }

  private void sendControl(Kind kind, int number) {
    header(kind, number);
    sendControlBehindHeader();
  }

  private void sendControlBehindHeader() {
    sendHeader(plan.ring());
    code.move(Reg.RSI, BASE);
    code.move(Reg.RDX, plan.ring());
    code.call(send);
  }

  private void sendClock() {
    code.call(clock);
    code.store(CLOCK + Long.BYTES, Reg.RAX);
    code.timeStamp();
    code.store(CLOCK, Reg.RAX);
    header(Kind.CLOCK, 0);
    sendHeader(2 * Long.BYTES);
    code.move(Reg.RSI, CLOCK);
    code.move(Reg.RDX, 2 * Long.BYTES);
    code.call(send);
  }

  // -----------------------------------------------------------------------------------------
  // Subroutines
  // -----------------------------------------------------------------------------------------

  private void subroutines() {
    sendCode();
    sendFileCode();
    drainCode();
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

  /// Sends all records that are there, those up to the ring's end at once.
  private void drainCode() {
    var end = code.label();
    var fits = code.label();
    code.bind(drain);
    code.load(Reg.RAX, BASE + Control.CONSUMED);
    code.load(Reg.R14, BASE + Control.PRODUCED);
    code.apply(Operation.SUB, Reg.R14, Reg.RAX);
    code.jump(Condition.EQUAL, end);
    code.store(HEADER, Kind.RECORDS.word());
    code.store(HEADER + Long.BYTES, Reg.RAX);
    code.apply(Operation.AND, Reg.RAX, plan.capacity() - 1);
    code.move(Reg.RCX, plan.capacity());
    code.apply(Operation.SUB, Reg.RCX, Reg.RAX);
    code.apply(Operation.CMP, Reg.R14, Reg.RCX);
    code.jump(Condition.BELOW_OR_EQUAL, fits);
    code.move(Reg.R14, Reg.RCX);
    code.bind(fits);
    code.move(Reg.RCX, plan.recordBytes());
    code.multiply(Reg.RAX, Reg.RCX);
    code.move(Reg.RBP, BASE + plan.ring());
    code.apply(Operation.ADD, Reg.RBP, Reg.RAX);
    code.move(Reg.RAX, Reg.R14);
    code.multiply(Reg.RAX, Reg.RCX);
    code.store(HEADER + 2 * Long.BYTES, Reg.RAX);
    code.move(Reg.RSI, HEADER);
    code.move(Reg.RDX, Frame.HEADER_BYTES);
    code.call(send);
    code.move(Reg.RSI, Reg.RBP);
    code.load(Reg.RDX, HEADER + 2 * Long.BYTES);
    code.call(send);
    code.load(Reg.RAX, BASE + Control.CONSUMED);
    code.apply(Operation.ADD, Reg.RAX, Reg.R14);
    code.store(BASE + Control.CONSUMED, Reg.RAX);
    code.call(clock);
    code.store(LAST_NEWS, Reg.RAX);
    code.jump(drain);
    code.bind(end);
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

  /// RDI becomes the address of `/proc/`, the number in RAX, and the text of up to 15 bytes that RSI
  /// points to. It is written from its end on, into words of 8 bytes that overlap.
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

  // -----------------------------------------------------------------------------------------

  private void address(Reg to, String text) {
    code.address(to, texts.computeIfAbsent(text, _ -> code.label()));
  }

  private void call(LinuxCall call) {
    code.move(Reg.RAX, call.number());
    code.syscall();
  }

  private void must(LinuxCall call, String what) {
    call(call);
    steps.add(what);
    code.move(Reg.RBX, steps.size());
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NEGATIVE, failed);
  }
}
