package shootdown.host.worker;

import java.util.Set;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Assembler.Operation;
import shootdown.host.x86.Assembler.Shift;
import shootdown.host.x86.Condition;
import shootdown.host.x86.Label;
import shootdown.host.x86.Reg;
import shootdown.litmus.SystemCall;

/// What the kernel does of itself and user space can ask for, to a page of its choice, and how a
/// worker knows that it was done.
///
/// ```text
/// shrink     MADV_PAGEOUT   the page was there before, and is not afterwards (/proc/self/pagemap)
/// collapse   MADV_COLLAPSE  says so itself
/// migrate    see below      the kernel counts pages that have moved (/proc/vmstat)
/// ksm_merge  KsmCode        two pages have one frame (/proc/self/pagemap)
/// ```
///
/// MADV_PAGEOUT spares a page that is mapped more than once. Where the worker is in a control group
/// of its own, [#GROUP], as in a guest, that group is made smaller then, which takes other pages
/// too.
///
/// move_pages() takes a page to another memory node, where there is one, and holds no mmap_lock
/// while it does. Else mbind() moves what lies on memory nodes that a policy does not name. The
/// default policy names none, so with MPOL_MF_MOVE it moves each page, even on a machine with one
/// node, to where the policy lets pages be: the same node, another frame. Since v6.7 that happens
/// when it has let go of mmap_lock, as where the kernel moves pages of itself; before, while it
/// holds the lock. Pages that several processes share move with CAP_SYS_NICE only.
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
  private static final int O_WRONLY = 1;
  /// Descriptor of `/proc/self/pagemap`.
  private static final int PAGEMAP = 97;
  /// Descriptor of the file that makes the worker's control group smaller.
  private static final int RECLAIM = 95;
  /// The control group that a worker may be in.
  static final String GROUP = "/sys/fs/cgroup/shootdown";
  /// What is asked for at once, a page: the kernel looks at more.
  private static final String RECLAIMED = "4096";
  /// A page that was touched goes when it is looked at again.
  private static final int MOST_RECLAIMS = 4;
  /// Of a word of pagemap: whether a page is mapped.
  private static final int PRESENT_BIT = 63;

  private KernelWork() {}

  /// Before there are threads, and with all rights that the process has.
  static void begin(Set<SystemCall> functions, Assembler code, Runtime runtime) {
    if (functions.contains(SystemCall.SHRINK) || functions.contains(SystemCall.KSM_MERGE)) {
      open("/proc/self/pagemap", O_RDONLY, PAGEMAP, code, runtime);
    }
    if (functions.contains(SystemCall.SHRINK)) {
      open(GROUP + "/memory.reclaim", O_WRONLY, RECLAIM, code, runtime);
    }
    if (functions.contains(SystemCall.KSM_MERGE)) {
      open(KsmCode.SCANS, O_RDONLY, KsmCode.DESCRIPTOR, code, runtime);
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

  /// Where a file cannot be opened, nothing is known, or done.
  private static void open(
      String path, int flags, int descriptor, Assembler code, Runtime runtime) {
    runtime.address(Reg.RDI, path);
    code.move(Reg.RSI, flags);
    code.move(Reg.RDX, 0);
    runtime.call(LinuxCall.OPEN);
    code.move(Reg.RDI, Reg.RAX);
    code.move(Reg.RSI, descriptor);
    runtime.call(LinuxCall.DUP2);
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
        for (int i = 0; i < MOST_RECLAIMS; i++) {
          reclaimIfThere(code);
        }
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

  /// RDI is kept.
  private static void reclaimIfThere(Assembler code) {
    var gone = code.label();
    lookAt(code);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.EQUAL, gone);
    code.push(Reg.RDI);
    code.move(Reg.RAX, text(RECLAIMED));
    code.store(Reg.R14, Runtime.offset(ThreadWord.SEGMENT), Reg.RAX);
    code.move(Reg.RDI, RECLAIM);
    pointTo(code, Reg.RSI, ThreadWord.SEGMENT);
    code.move(Reg.RDX, RECLAIMED.length());
    call(LinuxCall.WRITE, code);
    code.pop(Reg.RDI);
    code.bind(gone);
  }

  /// A short text as a word in memory.
  private static long text(String text) {
    long word = 0;
    for (int i = text.length() - 1; i >= 0; i--) {
      word = word << Byte.SIZE | text.charAt(i);
    }
    return word;
  }

  /// RAX becomes 1 if a page is mapped at the address in RDI, else 0; RDI is kept.
  private static void lookAt(Assembler code) {
    pagemap(code);
    code.shift(Shift.LOGICAL_RIGHT, Reg.RAX, PRESENT_BIT);
  }

  /// RAX becomes the word of the page that the address in RDI is in; RDI is kept.
  static void pagemap(Assembler code) {
    int word = Runtime.offset(ThreadWord.SEGMENT);
    code.push(Reg.RDI);
    code.store(Reg.R14, word, 0);
    code.move(Reg.R10, Reg.RDI);
    code.shift(Shift.LOGICAL_RIGHT, Reg.R10, PAGE_SHIFT);
    code.shift(Shift.LEFT, Reg.R10, 3);
    code.move(Reg.RDI, PAGEMAP);
    pointTo(code, Reg.RSI, ThreadWord.SEGMENT);
    code.move(Reg.RDX, Long.BYTES);
    call(LinuxCall.PREAD64, code);
    code.load(Reg.RAX, Reg.R14, word);
    code.pop(Reg.RDI);
  }

  /// RDI becomes the begin of the range, and is kept.
  static void advise(Assembler code, int size, int advice) {
    code.apply(Operation.AND, Reg.RDI, -size);
    code.move(Reg.RSI, size);
    code.move(Reg.RDX, advice);
    call(LinuxCall.MADVISE, code);
  }

  private static void move(Assembler code) {
    var done = code.label();
    code.apply(Operation.AND, Reg.RDI, -PAGE);
    moveToOtherNode(code, done);
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

  /// The node of the page, 0 or 1, is asked for first. RDI is kept; where there is no other node,
  /// the code goes on.
  private static void moveToOtherNode(Assembler code, Label done) {
    var asked = code.label();
    int node = Runtime.offset(ThreadWord.SEGMENT_LENGTH);
    code.push(Reg.RDI);
    code.store(Reg.R14, Runtime.offset(ThreadWord.SEGMENT), Reg.RDI);
    movePages(code, false, MPOL_MF_MOVE);
    code.load(Reg.RAX, Reg.R14, node);
    code.apply(Operation.XOR, Reg.RAX, 1);
    code.store(Reg.R14, node, Reg.RAX);
    movePages(code, true, MPOL_MF_MOVE_ALL);
    code.apply(Operation.CMP, Reg.RAX, -EPERM);
    code.jump(Condition.NOT_EQUAL, asked);
    movePages(code, true, MPOL_MF_MOVE);
    code.bind(asked);
    code.pop(Reg.RDI);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NOT_NEGATIVE, done);
  }

  /// move_pages() of the page whose address is in the thread's word SEGMENT. The next word is the
  /// node, 4 bytes, and what becomes of the page, 4 bytes more; or without moving, only the node
  /// that the page is on.
  private static void movePages(Assembler code, boolean moves, int flags) {
    code.move(Reg.RDI, 0);
    code.move(Reg.RSI, 1);
    pointTo(code, Reg.RDX, ThreadWord.SEGMENT);
    pointTo(code, Reg.R8, ThreadWord.SEGMENT_LENGTH);
    if (moves) {
      code.move(Reg.R10, Reg.R8);
      code.apply(Operation.ADD, Reg.R8, Integer.BYTES);
    } else {
      code.move(Reg.R10, 0);
    }
    code.move(Reg.R9, flags);
    call(LinuxCall.MOVE_PAGES, code);
  }

  static void pointTo(Assembler code, Reg to, ThreadWord word) {
    code.move(to, Reg.R14);
    code.apply(Operation.ADD, to, Runtime.offset(word));
  }

  static void call(LinuxCall call, Assembler code) {
    code.move(Reg.RAX, call.number());
    code.syscall();
  }

  /// Adds RAX.
  static void count(ThreadWord word, Assembler code) {
    code.load(Reg.RCX, Reg.R14, Runtime.offset(word));
    code.apply(Operation.ADD, Reg.RCX, Reg.RAX);
    code.store(Reg.R14, Runtime.offset(word), Reg.RCX);
  }
}
