package shootdown.host.worker;

import static shootdown.host.worker.Control.BASE;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Assembler.Operation;
import shootdown.host.x86.Assembler.Shift;
import shootdown.host.x86.Condition;
import shootdown.host.x86.Label;
import shootdown.host.x86.Reg;

/// What every worker's program contains, whatever the test: system calls that must succeed, the
/// barrier, the late start, the handler of signals.
final class Runtime {
  /// A start is this many ticks away when the last thread has come. Until the others know of it, a
  /// few cache lines go from CPU to CPU, each in hundreds of ticks; whoever hears of it too late
  /// begins later than it should, always the same one.
  private static final int LEAD = 4000;
  /// Who waits does not pause for the last so many ticks: it would begin some hundred ticks later.
  private static final int NEAR = 1000;
  /// About 0.1 ms, longer than what threads that have their CPUs wait for each other: to sleep and
  /// be woken takes tens of microseconds. Whoever waits longer waits for one that has no CPU.
  private static final int SPINS = 4096;
  private static final int FEW_SPINS = 64;
  private static final int CAPABILITY_VERSION_3 = 0x20080522;
  private static final int CAP_SYS_NICE = 1 << 23;
  private static final int FUTEX_WAIT = 0;
  private static final int FUTEX_WAKE = 1;
  private static final int SIGSEGV = 11;
  private static final int SIGBUS = 7;
  private static final int SIGKILL = 9;
  private static final int PR_SET_PDEATHSIG = 1;
  private static final int SA_SIGINFO = 4;
  private static final int SA_RESTORER = 0x0400_0000;
  private static final int SA_NODEFER = 0x4000_0000;
  private static final int SAVED_RAX = 144;
  private static final int SAVED_RIP = 168;
  private static final int FAULT_ADDRESS = 16;
  private static final int EXIT_CRASHED = 99;
  private static final int EXIT_FAILED = 98;
  private static final int EXIT_ORPHANED = 97;

  private final Assembler code;
  private final List<String> steps = new ArrayList<>();
  private final List<Range> ranges = new ArrayList<>();
  private final List<Text> texts = new ArrayList<>();
  private final Label failed;
  private final Label barrier;
  private final Label late;
  private final Label handler;
  private final Label restorer;

  /// Code in which an access may fault, and where it goes on then, the signal in RAX.
  private record Range(Label from, Label to, Label target) {}

  private record Text(Label at, String text) {}

  Runtime(Assembler code) {
    this.code = code;
    failed = code.label();
    barrier = code.label();
    late = code.label();
    handler = code.label();
    restorer = code.label();
  }

  List<String> steps() {
    return steps;
  }

  void mayFault(Label from, Label to, Label target) {
    ranges.add(new Range(from, to, target));
  }

  /// Performs a system call whose arguments are in their registers.
  void call(LinuxCall call) {
    code.move(Reg.RAX, call.number());
    code.syscall();
  }

  /// As [#call]; the worker ends if it fails.
  void must(LinuxCall call, String what) {
    call(call);
    steps.add(what);
    code.move(Reg.RBX, steps.size() - 1);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NEGATIVE, failed);
  }

  /// The worker ends, as if this had failed; an error number is in RAX.
  void fail(String what) {
    steps.add(what);
    code.move(Reg.RBX, steps.size() - 1);
    code.jump(failed);
  }

  void address(Reg to, String text) {
    var label = code.label();
    texts.add(new Text(label, text));
    code.address(to, label);
  }

  /// SIGSEGV and SIGBUS go to the handler.
  void handleSignals() {
    code.address(Reg.RAX, handler);
    code.store(BASE + Control.SIGACTION, Reg.RAX);
    code.store(BASE + Control.SIGACTION + 8, SA_SIGINFO | SA_RESTORER | SA_NODEFER);
    code.address(Reg.RAX, restorer);
    code.store(BASE + Control.SIGACTION + 16, Reg.RAX);
    code.store(BASE + Control.SIGACTION + 24, 0);
    for (int signal : new int[] {SIGSEGV, SIGBUS}) {
      code.move(Reg.RDI, signal);
      code.move(Reg.RSI, BASE + Control.SIGACTION);
      code.move(Reg.RDX, 0);
      code.move(Reg.R10, Long.BYTES);
      must(LinuxCall.RT_SIGACTION, "rt_sigaction");
    }
  }

  /// From here on the process may do what any user's may: tests expect that.
  void dropCapabilities() {
    keepCapabilities(0);
    must(LinuxCall.CAPSET, "capset");
  }

  /// As [#dropCapabilities], but that it may move pages that other processes map, too, if it may do
  /// so now. Of what tests call, nothing else asks for that capability.
  void dropMostCapabilities() {
    var done = code.label();
    keepCapabilities(CAP_SYS_NICE);
    call(LinuxCall.CAPSET);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.EQUAL, done);
    dropCapabilities();
    code.bind(done);
  }

  /// @param kept a bit for each of those to keep
  private void keepCapabilities(int kept) {
    code.store(BASE + Control.CAPABILITIES, CAPABILITY_VERSION_3);
    for (int word = 3; word < 5; word++) {
      code.store(BASE + Control.CAPABILITIES + word * Long.BYTES, 0);
    }
    code.move(Reg.RAX, (long) kept << Integer.SIZE | kept); // permitted, effective
    code.store(BASE + Control.CAPABILITIES + 2 * Long.BYTES, Reg.RAX);
    code.move(Reg.RDI, BASE + Control.CAPABILITIES);
    code.move(Reg.RSI, BASE + Control.CAPABILITIES + 2 * Long.BYTES);
  }

  void waitForAll() {
    code.call(barrier);
  }

  /// Waits until the start, and a random time more; the block of the thread is in R14.
  void startLate() {
    code.call(late);
  }

  /// Ends the process.
  void exitGroup(Control.Status status, int exitCode) {
    code.store(BASE + Control.STATUS, status.ordinal());
    code.move(Reg.RDI, exitCode);
    call(LinuxCall.EXIT_GROUP);
  }

  /// Ends where the process that drives it has ended.
  void endIfOrphaned() {
    var goOn = code.label();
    call(LinuxCall.GETPPID);
    code.applyWord(Operation.CMP, Reg.RAX, BASE + Control.PARENT);
    code.jump(Condition.EQUAL, goOn);
    exitGroup(Control.Status.ORPHANED, EXIT_ORPHANED);
    code.bind(goOn);
  }

  /// The kernel kills this process when the thread ends that started it, even if it sleeps. That
  /// may have ended before: see [#endIfOrphaned].
  void dieWithParent() {
    code.move(Reg.RDI, PR_SET_PDEATHSIG);
    code.move(Reg.RSI, SIGKILL);
    call(LinuxCall.PRCTL);
  }

  /// A child does not outlive its worker, whatever it waits for.
  void endWithParent() {
    dieWithParent();
    code.load(Reg.RDI, BASE + Control.ALARM);
    call(LinuxCall.ALARM);
  }

  /// The code of all that was used; after everything else.
  void subroutines(int threads, int cpus) {
    failedCode();
    barrierCode(threads, threads > cpus ? FEW_SPINS : SPINS);
    lateCode();
    handlerCode();
    for (var text : texts) {
      code.bind(text.at());
      code.bytes(text.text().getBytes(StandardCharsets.UTF_8));
      code.bytes(new byte[1]);
    }
  }

  private void failedCode() {
    code.bind(failed);
    code.store(BASE + Control.DETAIL, Reg.RBX);
    code.store(BASE + Control.DETAIL_2, Reg.RAX);
    exitGroup(Control.Status.FAILED, EXIT_FAILED);
  }

  /// Destroys all registers but RSP, RBP, R13, R14 and R15. The exchange orders the stores before
  /// it against the load of the number of sleepers.
  private void barrierCode(int threads, int spins) {
    var last = code.label();
    var out = code.label();
    var sleep = code.label();
    var awake = code.label();
    code.bind(barrier);
    code.load(Reg.R12, BASE + Control.GENERATION);
    code.move(Reg.RAX, 1);
    code.lockExchangeAdd(BASE + Control.ARRIVED, Reg.RAX);
    code.apply(Operation.CMP, Reg.RAX, threads - 1);
    code.jump(Condition.EQUAL, last);

    code.move(Reg.RBX, spins);
    var spin = code.here();
    code.applyWord(Operation.CMP, Reg.R12, BASE + Control.GENERATION);
    code.jump(Condition.NOT_EQUAL, out);
    code.pause();
    code.apply(Operation.SUB, Reg.RBX, 1);
    code.jump(Condition.NOT_EQUAL, spin);

    code.bind(sleep);
    code.move(Reg.RAX, 1);
    code.lockExchangeAdd(BASE + Control.SLEEPERS, Reg.RAX);
    code.applyWord(Operation.CMP, Reg.R12, BASE + Control.GENERATION);
    code.jump(Condition.NOT_EQUAL, awake);
    code.move(Reg.RDI, BASE + Control.GENERATION);
    code.move(Reg.RSI, FUTEX_WAIT);
    code.move(Reg.RDX, Reg.R12);
    code.move(Reg.R10, 0);
    call(LinuxCall.FUTEX);
    code.bind(awake);
    code.move(Reg.RAX, -1);
    code.lockExchangeAdd(BASE + Control.SLEEPERS, Reg.RAX);
    code.applyWord(Operation.CMP, Reg.R12, BASE + Control.GENERATION);
    code.jump(Condition.EQUAL, sleep);
    code.bind(out);
    code.ret();

    code.bind(last);
    code.store(BASE + Control.ARRIVED, 0);
    code.timeStamp();
    code.apply(Operation.ADD, Reg.RAX, LEAD);
    code.store(BASE + Control.START, Reg.RAX);
    code.move(Reg.RAX, Reg.R12);
    code.apply(Operation.ADD, Reg.RAX, 1);
    code.exchange(BASE + Control.GENERATION, Reg.RAX);
    code.load(Reg.RAX, BASE + Control.SLEEPERS);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.EQUAL, out);
    code.move(Reg.RDI, BASE + Control.GENERATION);
    code.move(Reg.RSI, FUTEX_WAKE);
    code.move(Reg.RDX, Integer.MAX_VALUE);
    call(LinuxCall.FUTEX);
    code.ret();
  }

  /// The delay is a random number up to the window. `pause` leaves the other thread of a core its
  /// share.
  private void lateCode() {
    code.bind(late);
    randomNumber();
    code.load(Reg.RCX, BASE + Control.WINDOW);
    code.apply(Operation.ADD, Reg.RCX, 1);
    code.move(Reg.RDX, 0);
    code.divideUnsigned(Reg.RCX);
    code.move(Reg.RBX, Reg.RDX);
    code.applyWord(Operation.ADD, Reg.RBX, BASE + Control.START);
    var end = code.label();
    var again = code.here();
    code.timeStamp();
    code.apply(Operation.SUB, Reg.RAX, Reg.RBX);
    code.jump(Condition.NOT_NEGATIVE, end);
    code.apply(Operation.CMP, Reg.RAX, -NEAR);
    code.jump(Condition.GREATER_OR_EQUAL, again);
    code.pause();
    code.jump(again);
    code.bind(end);
    code.apply(Operation.ADD, Reg.RAX, Reg.RBX);
    code.store(Reg.R14, offset(ThreadWord.BEGIN), Reg.RAX);
    code.ret();
  }

  /// RAX becomes the next random number of the thread whose block is in R14 (xorshift64; Marsaglia,
  /// "Xorshift RNGs", 2003).
  void randomNumber() {
    code.load(Reg.RAX, Reg.R14, offset(ThreadWord.RANDOM));
    mix(Shift.LEFT, 13);
    mix(Shift.LOGICAL_RIGHT, 7);
    mix(Shift.LEFT, 17);
    code.store(Reg.R14, offset(ThreadWord.RANDOM), Reg.RAX);
  }

  private void mix(Shift shift, int by) {
    code.move(Reg.RCX, Reg.RAX);
    code.shift(shift, Reg.RCX, by);
    code.apply(Operation.XOR, Reg.RAX, Reg.RCX);
  }

  static int offset(ThreadWord word) {
    return Long.BYTES * word.ordinal();
  }

  /// Where the instruction is one that may fault, the thread goes on elsewhere when the handler
  /// returns, the signal in RAX. Anything else is a mistake of this program: it ends.
  private void handlerCode() {
    code.bind(handler);
    code.load(Reg.RAX, Reg.RDX, SAVED_RIP);
    for (var range : ranges) {
      var next = code.label();
      code.address(Reg.RCX, range.from());
      code.apply(Operation.CMP, Reg.RAX, Reg.RCX);
      code.jump(Condition.BELOW, next);
      code.address(Reg.RCX, range.to());
      code.apply(Operation.CMP, Reg.RAX, Reg.RCX);
      code.jump(Condition.ABOVE_OR_EQUAL, next);
      code.address(Reg.RCX, range.target());
      code.store(Reg.RDX, SAVED_RIP, Reg.RCX);
      code.store(Reg.RDX, SAVED_RAX, Reg.RDI);
      code.ret();
      code.bind(next);
    }
    code.store(BASE + Control.DETAIL, Reg.RAX);
    code.load(Reg.RAX, Reg.RSI, FAULT_ADDRESS);
    code.store(BASE + Control.DETAIL_2, Reg.RAX);
    exitGroup(Control.Status.CRASHED, EXIT_CRASHED);
    code.bind(restorer);
    call(LinuxCall.RT_SIGRETURN);
  }
}
