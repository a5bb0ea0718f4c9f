package shootdown.host.worker;

import static shootdown.host.worker.Control.BASE;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Assembler.Operation;
import shootdown.host.x86.Condition;
import shootdown.host.x86.Reg;
import shootdown.litmus.Argument;
import shootdown.litmus.Call;
import shootdown.litmus.Expression;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Statement;
import shootdown.litmus.SystemCall;
import shootdown.litmus.Target;

/// Whether what a test drops from the page cache is gone: a store that is lost on its way to the
/// disk is seen only where it is.
///
/// fadvise() drops neither a dirty page nor one that is on its way to the disk. As a store that is
/// not lost leaves a dirty page, few pages go where nothing is wrong, and that tells nothing. So
/// there are three things more than the test says:
///
/// - Before it drops pages, a thread waits in some rounds until the file is quiet: what it launders
///   at one statement may be on its way to the disk for longer than it takes to the next one.
/// - Now and then, between two rounds, a page is written to the disk and dropped, and looked for.
/// - A read asks first for what is in the page cache alone (`RWF_NOWAIT`), so it is known when
///   there was nothing, unless a disk was as fast as that.
///
/// None of the three changes what may come out: the first takes time, and no more.
final class PageCacheCode {
  private static final int PAGE = 4096;
  private static final int PROT_READ = 1;
  private static final int MAP_SHARED_FIXED = 0x11;
  private static final int POSIX_FADV_DONTNEED = 4;
  private static final int WAIT_BEFORE = 1;
  private static final int RWF_NOWAIT = 8;
  private static final int EAGAIN = 11;

  private final boolean isOn;
  private final Set<String> files;
  private final Assembler code;

  PageCacheCode(LitmusTest test, Assembler code) {
    this.code = code;
    isOn = Functions.in(test).contains(SystemCall.POSIX_FADVISE);
    files = test.init().stream().flatMap(s -> file(s).stream()).collect(Collectors.toSet());
  }

  private static List<String> file(Statement statement) {
    return statement instanceof Statement.Assign(Target.Register(var name, _), Call call, _)
            && call.function() == SystemCall.FILE
        ? List.of(name)
        : List.of();
  }

  boolean isOn() {
    return isOn;
  }

  /// A thread's call, whose arguments are in their registers, is about to be made.
  void before(Call call) {
    if (isOn && call.function() == SystemCall.POSIX_FADVISE) {
      waitUntilQuiet();
    }
  }

  private void waitUntilQuiet() {
    var go = code.label();
    code.load(Reg.RAX, BASE + Control.QUIET);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.EQUAL, go);
    for (var reg : List.of(Reg.RSI, Reg.RDX, Reg.R10)) {
      code.push(reg);
    }
    code.move(Reg.RSI, 0);
    code.move(Reg.RDX, 0);
    code.move(Reg.R10, WAIT_BEFORE);
    code.move(Reg.RAX, LinuxCall.SYNC_FILE_RANGE.number());
    code.syscall();
    for (var reg : List.of(Reg.R10, Reg.RDX, Reg.RSI)) {
      code.pop(reg);
    }
    code.bind(go);
  }

  /// Whether [#read] is for a call: a pread() of a file of the initial state to a register.
  boolean isAsked(Call call) {
    return isOn
        && call.function() == SystemCall.PREAD
        && call.arguments().get(1) instanceof Argument.Buffer
        && call.arguments().getFirst() instanceof Expression.Global(var name, _)
        && files.contains(name);
  }

  /// In place of pread(), whose arguments are in their registers; the thread's block is in R14.
  void read() {
    int segment = Runtime.offset(ThreadWord.SEGMENT);
    var there = code.label();
    var plain = code.label();
    code.push(Reg.RSI);
    code.push(Reg.RDX);
    code.store(Reg.R14, segment, Reg.RSI);
    code.store(Reg.R14, Runtime.offset(ThreadWord.SEGMENT_LENGTH), Reg.RDX);
    code.move(Reg.RSI, Reg.R14);
    code.apply(Operation.ADD, Reg.RSI, segment);
    code.move(Reg.RDX, 1);
    code.move(Reg.R8, 0);
    code.move(Reg.R9, RWF_NOWAIT);
    code.move(Reg.RAX, LinuxCall.PREADV2.number());
    code.syscall();
    code.pop(Reg.RDX);
    code.pop(Reg.RSI);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NOT_NEGATIVE, there);
    code.apply(Operation.CMP, Reg.RAX, -EAGAIN);
    code.jump(Condition.NOT_EQUAL, plain); // this file system cannot be asked
    code.load(Reg.RCX, Reg.R14, Runtime.offset(ThreadWord.MISSED));
    code.apply(Operation.ADD, Reg.RCX, 1);
    code.store(Reg.R14, Runtime.offset(ThreadWord.MISSED), Reg.RCX);
    code.bind(plain);
    code.move(Reg.RAX, LinuxCall.PREAD64.number());
    code.syscall();
    code.bind(there);
  }

  /// Between two rounds, when nothing is mapped: if the first page of a file is in the page cache,
  /// it is written to the disk and dropped. Is it gone?
  ///
  /// @param descriptor of the file
  void tryDropping(int descriptor, Runtime runtime) {
    var end = code.label();
    mapFirstPage(descriptor, runtime);
    lookFor(runtime);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.EQUAL, end);
    code.move(Reg.RDI, descriptor);
    code.move(Reg.RSI, 0);
    code.move(Reg.RDX, 0);
    code.move(Reg.R10, LinuxCalls.SYNC_WAIT_WRITE_WAIT);
    runtime.call(LinuxCall.SYNC_FILE_RANGE);
    code.move(Reg.RDX, PAGE);
    code.move(Reg.R10, POSIX_FADV_DONTNEED);
    runtime.call(LinuxCall.FADVISE64);
    code.addTo(BASE + Control.TRIALS, 1);
    lookFor(runtime);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NOT_EQUAL, end);
    code.addTo(BASE + Control.DROPPED, 1);
    code.bind(end);
    code.move(Reg.RDI, WorkerAddresses.OFFSET);
    code.move(Reg.RSI, PAGE);
    runtime.call(LinuxCall.MUNMAP);
  }

  /// Nothing is accessed there: a page that is mapped stays.
  private void mapFirstPage(int descriptor, Runtime runtime) {
    code.move(Reg.RDI, WorkerAddresses.OFFSET);
    code.move(Reg.RSI, PAGE);
    code.move(Reg.RDX, PROT_READ);
    code.move(Reg.R10, MAP_SHARED_FIXED);
    code.move(Reg.R8, descriptor);
    code.move(Reg.R9, 0);
    runtime.must(LinuxCall.MMAP, "mmap of a file, to look at the page cache,");
  }

  /// RAX becomes 1 if the page is in the page cache, else 0.
  private void lookFor(Runtime runtime) {
    code.store(BASE + Control.ZERO_WORD, 0);
    code.move(Reg.RDI, WorkerAddresses.OFFSET);
    code.move(Reg.RSI, PAGE);
    code.move(Reg.RDX, BASE + Control.ZERO_WORD);
    runtime.must(LinuxCall.MINCORE, "mincore of a file");
    code.load(Reg.RAX, BASE + Control.ZERO_WORD);
    code.apply(Operation.AND, Reg.RAX, 1);
  }
}
