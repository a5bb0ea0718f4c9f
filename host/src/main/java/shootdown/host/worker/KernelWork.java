package shootdown.host.worker;

import java.util.Set;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Assembler.Operation;
import shootdown.host.x86.Assembler.Shift;
import shootdown.host.x86.Condition;
import shootdown.host.x86.Reg;
import shootdown.litmus.SystemCall;

/// What the kernel does of itself and user space can ask for, to a page of its choice, and how a
/// worker knows that it was done.
///
/// ```text
/// shrink    MADV_PAGEOUT     the page was there before, and is not afterwards (/proc/self/pagemap)
/// collapse  MADV_COLLAPSE    says so itself
/// migrate   mbind() below    the kernel counts pages that have moved (/proc/vmstat)
/// ```
///
/// mbind() moves what lies on memory nodes that a policy does not name. The default policy names
/// none, so with MPOL_MF_MOVE it moves each page, even on a machine with one node, to where the
/// policy lets pages be: the same node, another frame. Since v6.7 that happens when it has let go
/// of mmap_lock, as where the kernel moves pages of itself; before, while it holds the lock.
/// Pages that several processes share move with CAP_SYS_NICE only.
final class KernelWork {
  private static final int PAGE = 4096;
  private static final int PAGE_SHIFT = 12;
  private static final int HUGE_PAGE = 2 << 20;
  private static final int MADV_PAGEOUT = 21;
  private static final int MADV_COLLAPSE = 25;
  private static final int MPOL_MF_MOVE = 2;
  private static final int MPOL_MF_MOVE_ALL = 4;
  private static final int EPERM = 1;
  private static final int O_RDONLY = 0;
  /// Descriptor of `/proc/self/pagemap`.
  private static final int PAGEMAP = 97;
  /// Of a word of pagemap: whether a page is mapped.
  private static final int PRESENT_BIT = 63;

  private KernelWork() {}

  /// Before there are threads, and with all rights that the process has.
  static void begin(Set<SystemCall> functions, Assembler code, Runtime runtime) {
    if (functions.contains(SystemCall.SHRINK)) {
      runtime.address(Reg.RDI, "/proc/self/pagemap");
      code.move(Reg.RSI, O_RDONLY);
      code.move(Reg.RDX, 0);
      runtime.call(LinuxCall.OPEN);
      code.move(Reg.RDI, Reg.RAX);
      code.move(Reg.RSI, PAGEMAP);
      runtime.call(LinuxCall.DUP2); // where it cannot be read, nothing is known
    }
    if (functions.contains(SystemCall.MIGRATE)) {
      code.move(Reg.RDI, 0);
      code.move(Reg.RSI, 0);
      code.move(Reg.RDX, 0);
      code.move(Reg.R10, 0);
      code.move(Reg.R8, 0);
      code.move(Reg.R9, MPOL_MF_MOVE);
      runtime.must(LinuxCall.MBIND, "mbind(), with which migrate() moves pages,");
    }
  }

  /// Asks for it: the address is in RDI, and RAX becomes what the kernel says. The thread's block
  /// is in R14.
  static void ask(SystemCall function, Assembler code) {
    switch (function) {
      case SHRINK -> {
        lookAt(code);
        code.store(Reg.R14, Runtime.offset(ThreadWord.SEGMENT_LENGTH), Reg.RAX);
        advise(code, PAGE, MADV_PAGEOUT);
        code.push(Reg.RAX);
        lookAt(code);
        code.not(Reg.RAX);
        code.load(Reg.RCX, Reg.R14, Runtime.offset(ThreadWord.SEGMENT_LENGTH));
        code.apply(Operation.AND, Reg.RAX, Reg.RCX);
        count(ThreadWord.SHRUNK, code);
        code.pop(Reg.RAX);
      }
      case COLLAPSE -> {
        advise(code, HUGE_PAGE, MADV_COLLAPSE);
        code.push(Reg.RAX);
        code.test(Reg.RAX, Reg.RAX);
        code.setRax(Condition.EQUAL);
        count(ThreadWord.COLLAPSED, code);
        code.pop(Reg.RAX);
      }
      case MIGRATE -> move(code);
      default -> throw new IllegalArgumentException(function + " is no work of the kernel");
    }
  }

  /// RAX becomes 1 if a page is mapped at the address in RDI, else 0; RDI is kept.
  private static void lookAt(Assembler code) {
    int word = Runtime.offset(ThreadWord.SEGMENT);
    code.push(Reg.RDI);
    code.store(Reg.R14, word, 0);
    code.move(Reg.R10, Reg.RDI);
    code.shift(Shift.LOGICAL_RIGHT, Reg.R10, PAGE_SHIFT);
    code.shift(Shift.LEFT, Reg.R10, 3);
    code.move(Reg.RDI, PAGEMAP);
    code.move(Reg.RSI, Reg.R14);
    code.apply(Operation.ADD, Reg.RSI, word);
    code.move(Reg.RDX, Long.BYTES);
    call(LinuxCall.PREAD64, code);
    code.load(Reg.RAX, Reg.R14, word);
    code.shift(Shift.LOGICAL_RIGHT, Reg.RAX, PRESENT_BIT);
    code.pop(Reg.RDI);
  }

  /// RDI becomes the begin of the range, and is kept.
  private static void advise(Assembler code, int size, int advice) {
    code.apply(Operation.AND, Reg.RDI, -size);
    code.move(Reg.RSI, size);
    code.move(Reg.RDX, advice);
    call(LinuxCall.MADVISE, code);
  }

  private static void move(Assembler code) {
    var done = code.label();
    code.apply(Operation.AND, Reg.RDI, -PAGE);
    code.move(Reg.RSI, PAGE);
    code.move(Reg.RDX, 0);
    code.move(Reg.R10, 0);
    code.move(Reg.R8, 0);
    code.move(Reg.R9, MPOL_MF_MOVE_ALL);
    call(LinuxCall.MBIND, code);
    code.apply(Operation.CMP, Reg.RAX, -EPERM);
    code.jump(Condition.NOT_EQUAL, done);
    code.move(Reg.R9, MPOL_MF_MOVE);
    call(LinuxCall.MBIND, code);
    code.bind(done);
  }

  private static void call(LinuxCall call, Assembler code) {
    code.move(Reg.RAX, call.number());
    code.syscall();
  }

  /// Adds RAX.
  private static void count(ThreadWord word, Assembler code) {
    code.load(Reg.RCX, Reg.R14, Runtime.offset(word));
    code.apply(Operation.ADD, Reg.RCX, Reg.RAX);
    code.store(Reg.R14, Runtime.offset(word), Reg.RCX);
  }
}
