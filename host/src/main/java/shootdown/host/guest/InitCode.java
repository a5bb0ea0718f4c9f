package shootdown.host.guest;

import static shootdown.host.worker.Control.BASE;

import java.util.List;
import shootdown.host.guest.Frame.Kind;
import shootdown.host.guest.InitPlan.Setting;
import shootdown.host.worker.Control;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.worker.LinuxCall;
import shootdown.host.worker.Plan;
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
  private static final long WAIT_STATUS = InitRuntime.DATA + 0x60;
  private static final long CHILD = InitRuntime.DATA + 0x78;
  private static final long LAST_NEWS = InitRuntime.DATA + 0x80;
  private static final long END = InitRuntime.DATA + 0x88;
  private static final long NOW = InitRuntime.DATA + 0x90;
  private static final long NEXT_ACCOUNT = InitRuntime.DATA + 0x98;
  private static final long NEXT_PLAN = InitRuntime.DATA + 0xB0;
  private static final long PLAN_DISK = InitRuntime.DATA + 0xB8;
  private static final long CLOCK = InitRuntime.DATA + 0xA0;
  private static final long ARGUMENTS = InitRuntime.DATA + 0xC0;

  private static final int SIGCHLD = 17;
  private static final int SIGKILL = 9;
  private static final int O_RDWR = 2;
  private static final int O_RDWR_CREAT = 0x42;
  private static final int OWNER = 0600;
  private static final int READ_WRITE = 3;
  private static final int MAP_SHARED_FIXED = 0x11;
  private static final int O_DIRECT = 0x4000;
  private static final int PLAN_NANOS = 50_000_000;
  private static final int ACCOUNT_NANOS = 500_000_000;
  private static final int WNOHANG = 1;
  private static final int ALL = -1; // processes but this one
  private static final int REBOOT_MAGIC_1 = 0xfee1dead;
  private static final int REBOOT_MAGIC_2 = 672274793;
  private static final int RESTART = 0x01234567;

  private final InitPlan plan;
  private final Assembler code = new Assembler(CODE);
  private final InitRuntime runtime = new InitRuntime(code);
  private final Label drain = code.label();
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
    drainCode();
    runtime.subroutines();
    byte[] text = code.finish();
    byte[] file =
        StaticElf.of(
            CODE,
            List.of(
                new Segment(CODE, text, text.length, Rights.READ_EXECUTE),
                new Segment(
                    InitRuntime.DATA, new byte[0], InitRuntime.DATA_BYTES, Rights.READ_WRITE)));
    return new Program(file, runtime.steps());
  }

  private void begin() {
    mount("devtmpfs", "/dev", "devtmpfs");
    mount("proc", "/proc", "proc");
    mount("sysfs", "/sys", "sysfs");
    openPort();
    if (plan.needsFiles()) {
      mount(InitPlan.DISK, InitPlan.FOLDER, InitPlan.FILE_SYSTEM);
    }
    runtime.address(Reg.RDI, InitPlan.SWAP);
    code.move(Reg.RSI, 0);
    runtime.must(LinuxCall.SWAPON, "swapon of " + InitPlan.SWAP);
    group();
    plan.settings().forEach(this::set);
    sharedMemory();
    if (plan.hasPlan()) {
      runtime.address(Reg.RDI, plan.planDisk());
      code.move(Reg.RSI, O_DIRECT);
      code.move(Reg.RDX, 0);
      runtime.must(LinuxCall.OPEN, "open of " + plan.planDisk());
      code.store(PLAN_DISK, Reg.RAX);
    }
    files(Kind.FILE_BEFORE);
    sendClock();
    code.call(runtime.clock);
    code.move(Reg.RCX, plan.nanos());
    code.apply(Operation.ADD, Reg.RAX, Reg.RCX);
    code.store(END, Reg.RAX);
  }

  private void mount(String source, String target, String type) {
    runtime.address(Reg.RDI, source);
    runtime.address(Reg.RSI, target);
    runtime.address(Reg.RDX, type);
    code.move(Reg.R10, 0);
    code.move(Reg.R8, 0);
    runtime.must(LinuxCall.MOUNT, "mount of " + type + " on " + target);
  }

  /// A control group for the worker, if the kernel has such.
  private void group() {
    runtime.address(Reg.RDI, "cgroup2");
    runtime.address(Reg.RSI, InitPlan.GROUPS);
    runtime.address(Reg.RDX, "cgroup2");
    code.move(Reg.R10, 0);
    code.move(Reg.R8, 0);
    runtime.call(LinuxCall.MOUNT);
    set(new Setting(InitPlan.GROUPS + "/cgroup.subtree_control", "+memory"));
    runtime.address(Reg.RDI, InitPlan.GROUP);
    code.move(Reg.RSI, OWNER);
    runtime.call(LinuxCall.MKDIR);
  }

  /// Nothing is done where there is no such file.
  private void set(Setting setting) {
    runtime.address(Reg.RDI, setting.path());
    code.move(Reg.RSI, O_RDWR);
    code.move(Reg.RDX, 0);
    runtime.call(LinuxCall.OPEN);
    code.move(Reg.RBP, Reg.RAX);
    code.move(Reg.RDI, Reg.RBP);
    runtime.address(Reg.RSI, setting.text());
    code.move(Reg.RDX, setting.text().length());
    runtime.call(LinuxCall.WRITE);
    code.move(Reg.RDI, Reg.RBP);
    runtime.call(LinuxCall.CLOSE);
  }

  /// The kernel learns of the port a moment after it has found the device.
  private void openPort() {
    var isOpen = code.label();
    var again = code.here();
    runtime.address(Reg.RDI, InitPlan.PORT);
    code.move(Reg.RSI, O_RDWR);
    code.move(Reg.RDX, 0);
    runtime.call(LinuxCall.OPEN);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NOT_NEGATIVE, isOpen);
    code.call(runtime.nap);
    code.jump(again);
    code.bind(isOpen);
    code.store(InitRuntime.PORT, Reg.RAX);
  }

  private void sharedMemory() {
    runtime.address(Reg.RDI, InitPlan.RING);
    code.move(Reg.RSI, O_RDWR_CREAT);
    code.move(Reg.RDX, OWNER);
    runtime.must(LinuxCall.OPEN, "open of " + InitPlan.RING);
    code.move(Reg.RBP, Reg.RAX);
    code.move(Reg.RDI, Reg.RBP);
    code.move(Reg.RSI, plan.size());
    runtime.must(LinuxCall.FTRUNCATE, "ftruncate of " + InitPlan.RING);
    code.move(Reg.R8, Reg.RBP);
    code.move(Reg.RDI, BASE);
    code.move(Reg.RSI, plan.size());
    code.move(Reg.RDX, READ_WRITE);
    code.move(Reg.R10, MAP_SHARED_FIXED);
    code.move(Reg.R9, 0);
    runtime.must(LinuxCall.MMAP, "mmap of " + InitPlan.RING);
  }

  private void files(Kind kind) {
    for (int i = 0; i < plan.files().size(); i++) {
      header(kind, i);
      runtime.address(Reg.RDI, plan.files().get(i));
      code.call(runtime.sendFile);
    }
  }

  private void startWorker() {
    code.bind(start);
    runtime.address(Reg.RDI, InitPlan.CONTROL);
    code.move(Reg.RSI, 0);
    code.move(Reg.RDX, 0);
    runtime.must(LinuxCall.OPEN, "open of " + InitPlan.CONTROL);
    code.move(Reg.RBP, Reg.RAX);
    code.move(Reg.RDI, Reg.RBP);
    code.move(Reg.RSI, BASE);
    code.move(Reg.RDX, plan.ring());
    runtime.must(LinuxCall.READ, "read of " + InitPlan.CONTROL);
    code.move(Reg.RDI, Reg.RBP);
    runtime.call(LinuxCall.CLOSE);
    code.call(runtime.clock);
    code.store(LAST_NEWS, Reg.RAX);
    var parent = code.label();
    code.move(Reg.RDI, SIGCHLD);
    for (var register : List.of(Reg.RSI, Reg.RDX, Reg.R10, Reg.R8)) {
      code.move(register, 0);
    }
    runtime.must(LinuxCall.CLONE, "clone");
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NOT_EQUAL, parent);
    set(new Setting(InitPlan.GROUP + "/cgroup.procs", "0"));
    runtime.address(Reg.RDI, InitPlan.WORKER);
    code.store(ARGUMENTS, Reg.RDI);
    code.move(Reg.RSI, ARGUMENTS);
    code.move(Reg.RDX, ARGUMENTS + Long.BYTES);
    runtime.must(LinuxCall.EXECVE, "execve of " + InitPlan.WORKER);
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
    code.call(runtime.clock);
    code.store(NOW, Reg.RAX);
    code.applyWord(Operation.CMP, Reg.RAX, END);
    code.jump(Condition.LESS, inTime);
    code.store(BASE + Control.STOP, 1);
    code.bind(inTime);
    account();
    readPlan();
    code.load(Reg.RAX, NOW);
    code.applyWord(Operation.SUB, Reg.RAX, LAST_NEWS);
    code.move(Reg.RCX, plan.patienceNanos());
    code.apply(Operation.CMP, Reg.RAX, Reg.RCX);
    var patient = code.label();
    code.jump(Condition.LESS, patient);
    var isStuck = code.label();
    code.jump(isStuck);
    code.bind(patient);
    code.call(runtime.nap);
    code.jump(again);
    code.bind(isStuck);
  }

  /// Sends the files now and then: a guest may be ended at any moment, by who has seen enough.
  private void account() {
    var notYet = unlessDue(NEXT_ACCOUNT, ACCOUNT_NANOS);
    files(Kind.FILE_AFTER);
    code.bind(notYet);
  }

  /// Goes to what it tells unless the time in a word has come; the word becomes that of the next
  /// time.
  private Label unlessDue(long next, int nanos) {
    var notYet = code.label();
    code.load(Reg.RAX, NOW);
    code.applyWord(Operation.CMP, Reg.RAX, next);
    code.jump(Condition.LESS, notYet);
    code.apply(Operation.ADD, Reg.RAX, nanos);
    code.store(next, Reg.RAX);
    return notYet;
  }

  /// Past the page cache: the disk changes under the kernel.
  private void readPlan() {
    if (!plan.hasPlan()) {
      return;
    }
    var notYet = unlessDue(NEXT_PLAN, PLAN_NANOS);
    code.load(Reg.RDI, PLAN_DISK);
    code.move(Reg.RSI, BASE + plan.plan());
    code.move(Reg.RDX, Plan.BYTES);
    code.move(Reg.R10, 0);
    runtime.must(LinuxCall.PREAD64, "read of " + plan.planDisk());
    code.bind(notYet);
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
    runtime.call(LinuxCall.KILL);
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
    runtime.address(Reg.RSI, name);
    code.call(runtime.path);
    code.call(runtime.sendFile);
  }

  /// RDI is the process.
  private void waitFor(int options) {
    code.move(Reg.RSI, WAIT_STATUS);
    code.move(Reg.RDX, options);
    code.move(Reg.R10, 0);
    runtime.call(LinuxCall.WAIT4);
  }

  private void finish() {
    files(Kind.FILE_AFTER);
    sendClock();
    code.load(Reg.RAX, WAIT_STATUS);
    code.store(InitRuntime.HEADER + Long.BYTES, Reg.RAX);
    code.store(InitRuntime.HEADER, Kind.ENDED.word());
    sendControlBehindHeader();
    code.move(Reg.RDI, REBOOT_MAGIC_1 & 0xffff_ffffL);
    code.move(Reg.RSI, REBOOT_MAGIC_2);
    code.move(Reg.RDX, RESTART);
    code.move(Reg.R10, 0);
    runtime.must(LinuxCall.REBOOT, "reboot");
  }

  // -----------------------------------------------------------------------------------------
  // Frames
  // -----------------------------------------------------------------------------------------

  private void header(Kind kind, int number) {
    code.store(InitRuntime.HEADER, kind.word());
    code.store(InitRuntime.HEADER + Long.BYTES, number);
  }

  private void sendHeader(int length) {
    code.store(InitRuntime.HEADER + 2 * Long.BYTES, length);
    code.move(Reg.RSI, InitRuntime.HEADER);
    code.move(Reg.RDX, Frame.HEADER_BYTES);
    code.call(runtime.send);
  }

  private void sendControl(Kind kind, int number) {
    header(kind, number);
    sendControlBehindHeader();
  }

  private void sendControlBehindHeader() {
    sendHeader(plan.ring());
    code.move(Reg.RSI, BASE);
    code.move(Reg.RDX, plan.ring());
    code.call(runtime.send);
  }

  private void sendClock() {
    code.call(runtime.clock);
    code.store(CLOCK + Long.BYTES, Reg.RAX);
    code.timeStamp();
    code.store(CLOCK, Reg.RAX);
    header(Kind.CLOCK, 0);
    sendHeader(2 * Long.BYTES);
    code.move(Reg.RSI, CLOCK);
    code.move(Reg.RDX, 2 * Long.BYTES);
    code.call(runtime.send);
  }

  // -----------------------------------------------------------------------------------------
  // Subroutines
  // -----------------------------------------------------------------------------------------

  /// Sends all records that are there, those up to the ring's end at once.
  private void drainCode() {
    var end = code.label();
    var fits = code.label();
    code.bind(drain);
    code.load(Reg.RAX, BASE + Control.CONSUMED);
    code.load(Reg.R14, BASE + Control.PRODUCED);
    code.apply(Operation.SUB, Reg.R14, Reg.RAX);
    code.jump(Condition.EQUAL, end);
    code.store(InitRuntime.HEADER, Kind.RECORDS.word());
    code.store(InitRuntime.HEADER + Long.BYTES, Reg.RAX);
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
    code.store(InitRuntime.HEADER + 2 * Long.BYTES, Reg.RAX);
    code.move(Reg.RSI, InitRuntime.HEADER);
    code.move(Reg.RDX, Frame.HEADER_BYTES);
    code.call(runtime.send);
    code.move(Reg.RSI, Reg.RBP);
    code.load(Reg.RDX, InitRuntime.HEADER + 2 * Long.BYTES);
    code.call(runtime.send);
    code.load(Reg.RAX, BASE + Control.CONSUMED);
    code.apply(Operation.ADD, Reg.RAX, Reg.R14);
    code.store(BASE + Control.CONSUMED, Reg.RAX);
    code.call(runtime.clock);
    code.store(LAST_NEWS, Reg.RAX);
    code.jump(drain);
    code.bind(end);
    code.ret();
  }

}
