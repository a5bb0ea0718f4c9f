package shootdown.host.worker;

import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Assembler.Operation;
import shootdown.host.x86.Assembler.Shift;
import shootdown.host.x86.Condition;
import shootdown.host.x86.Reg;

/// `ksm_merge(x, y)` on real Linux: the thread waits for ksmd, which somebody has turned on.
///
/// It looks at both pages until they have one frame, or ksmd has gone through all memory a few
/// times: it looks at a page twice before it merges it. Frames are seen by root only; others wait
/// for as long. In a test that does not say what is mergeable, the two pages are made so here, and
/// no other ones: ksmd then merges nothing that the test does not speak of.
final class KsmCode {
  /// How often ksmd has gone through all memory.
  static final String SCANS = "/sys/kernel/mm/ksm/full_scans";
  /// Its descriptor.
  static final int DESCRIPTOR = 96;

  private static final int PAGE = 4096;
  private static final int MADV_MERGEABLE = 12;
  /// Of a word of pagemap: all but the number of the frame.
  private static final int FLAG_BITS = 9;
  private static final int NAP_NANOS = 200_000;
  /// It ends after so many looks, or this number of times that ksmd is seen to have gone through
  /// all memory; the first of them is the beginning.
  private static final int MOST_LOOKS = 5000;
  private static final int MOST_SCANS = 6;

  private KsmCode() {}

  /// The addresses are in RDI and RSI, the thread's block in R14. RAX becomes 0. Destroys all but
  /// R14 and R15.
  ///
  /// @param advises whether the two pages are made mergeable
  static void merge(Assembler code, boolean advises) {
    var merged = code.label();
    var end = code.label();
    code.move(Reg.R12, Reg.RDI);
    code.move(Reg.R13, Reg.RSI);
    if (advises) {
      KernelWork.advise(code, PAGE, MADV_MERGEABLE);
      code.move(Reg.RDI, Reg.R13);
      KernelWork.advise(code, PAGE, MADV_MERGEABLE);
    }
    code.move(Reg.RBX, MOST_LOOKS);
    code.move(Reg.RBP, 0);
    var again = code.here();
    frame(code, Reg.R13);
    code.push(Reg.RAX);
    frame(code, Reg.R12);
    code.pop(Reg.RCX);
    var apart = code.label();
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.EQUAL, apart);
    code.apply(Operation.CMP, Reg.RAX, Reg.RCX);
    code.jump(Condition.EQUAL, merged);
    code.bind(apart);
    spend(code);
    code.jump(Condition.LESS_OR_EQUAL, end);
    nap(code);
    code.jump(again);
    code.bind(merged);
    code.move(Reg.RAX, 1);
    KernelWork.count(ThreadWord.MERGED, code);
    code.bind(end);
    code.move(Reg.RAX, 0);
  }

  /// RAX becomes the number of the frame, shifted; 0 if there is none, or it is hidden.
  private static void frame(Assembler code, Reg address) {
    var there = code.label();
    code.move(Reg.RDI, address);
    KernelWork.pagemap(code);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NEGATIVE, there); // the highest bit: a page is mapped
    code.move(Reg.RAX, 0);
    code.bind(there);
    code.shift(Shift.LEFT, Reg.RAX, FLAG_BITS);
  }

  /// Takes one off RBX, and a part of it if the count of scans is another one than RBP, the last.
  private static void spend(Assembler code) {
    var same = code.label();
    for (var word : new ThreadWord[] {ThreadWord.SEGMENT, ThreadWord.SEGMENT_LENGTH}) {
      code.store(Reg.R14, Runtime.offset(word), 0);
    }
    code.move(Reg.RDI, DESCRIPTOR);
    KernelWork.pointTo(code, Reg.RSI, ThreadWord.SEGMENT);
    code.move(Reg.RDX, 2 * Long.BYTES);
    code.move(Reg.R10, 0);
    KernelWork.call(LinuxCall.PREAD64, code);
    code.load(Reg.RAX, Reg.R14, Runtime.offset(ThreadWord.SEGMENT));
    code.load(Reg.RCX, Reg.R14, Runtime.offset(ThreadWord.SEGMENT_LENGTH));
    code.apply(Operation.ADD, Reg.RAX, Reg.RCX);
    code.apply(Operation.CMP, Reg.RAX, Reg.RBP);
    code.jump(Condition.EQUAL, same);
    code.move(Reg.RBP, Reg.RAX);
    code.apply(Operation.SUB, Reg.RBX, MOST_LOOKS / MOST_SCANS);
    code.bind(same);
    code.apply(Operation.SUB, Reg.RBX, 1);
  }

  private static void nap(Assembler code) {
    code.store(Reg.R14, Runtime.offset(ThreadWord.SEGMENT), 0);
    code.store(Reg.R14, Runtime.offset(ThreadWord.SEGMENT_LENGTH), NAP_NANOS);
    KernelWork.pointTo(code, Reg.RDI, ThreadWord.SEGMENT);
    code.move(Reg.RSI, 0);
    KernelWork.call(LinuxCall.NANOSLEEP, code);
  }
}
