package shootdown.host.worker;

import static shootdown.host.worker.Control.BASE;

import java.util.List;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Assembler.Operation;
import shootdown.host.x86.Assembler.Shift;
import shootdown.host.x86.Condition;
import shootdown.host.x86.Label;
import shootdown.host.x86.Reg;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Statement;

/// Machine code that lets two threads meet in the midst of a round, and measures how long
/// statements take. None where a test has no [Points].
final class MeetingCode {
  private final LitmusTest test;
  private final Slots slots;
  private final Assembler code;
  private final Runtime runtime;
  private final Label meet;
  private final Label pause;

  MeetingCode(LitmusTest test, Slots slots, Assembler code, Runtime runtime) {
    this.test = test;
    this.slots = slots;
    this.code = code;
    this.runtime = runtime;
    meet = code.label();
    pause = code.label();
  }

  private boolean isOff() {
    return slots.points().isEmpty();
  }

  /// The leader, whose block is in R14, takes a line of the plan; nothing has been measured.
  void choose() {
    if (isOff()) {
      return;
    }
    slots.points().all().forEach(
        point -> {
          code.store(BASE + slots.begin(point), 0);
          code.store(BASE + slots.end(point), 0);
        });
    for (var thread : test.threads()) {
      for (var word : List.of(ThreadWord.MEET, ThreadWord.PACE, ThreadWord.INSIDE)) {
        code.store(BASE + Control.word(slots.index(thread), word), 0);
      }
    }
    code.store(BASE + Control.MET, 0);
    runtime.randomNumber();
    code.apply(Operation.AND, Reg.RAX, Plan.LINES - 1);
    code.shift(Shift.LEFT, Reg.RAX, Plan.LINE_SHIFT);
    code.move(Reg.R12, BASE + slots.plan());
    code.apply(Operation.ADD, Reg.R12, Reg.RAX);
    code.load(Reg.RAX, Reg.R12, 0);
    code.store(BASE + Control.WAY, Reg.RAX);
    block(Reg.R8, Plan.FIRST);
    block(Reg.R9, Plan.SECOND);
    code.store(Reg.R8, Runtime.offset(ThreadWord.PARTNER), Reg.R9);
    code.store(Reg.R9, Runtime.offset(ThreadWord.PARTNER), Reg.R8);
    code.load(Reg.RAX, Reg.R12, Plan.PATIENCE);
    for (var block : List.of(Reg.R8, Reg.R9)) {
      code.store(block, Runtime.offset(ThreadWord.PATIENCE), Reg.RAX);
    }
    code.store(Reg.R8, Runtime.offset(ThreadWord.LATE), 0);
    code.store(Reg.R8, Runtime.offset(ThreadWord.NEXT_PACE), 0);
    code.store(Reg.R8, Runtime.offset(ThreadWord.FOLLOWS), 0);
    code.store(Reg.R9, Runtime.offset(ThreadWord.FOLLOWS), 1);
    code.load(Reg.RAX, Reg.R12, Plan.PACE);
    code.store(Reg.R9, Runtime.offset(ThreadWord.NEXT_PACE), Reg.RAX);
    late();
    point(Reg.R8, Plan.FIRST);
    point(Reg.R9, Plan.SECOND);
  }

  private void point(Reg block, int offset) {
    code.load(Reg.RAX, Reg.R12, offset);
    code.shift(Shift.LOGICAL_RIGHT, Reg.RAX, Plan.POINT_SHIFT);
    code.store(block, Runtime.offset(ThreadWord.MEET), Reg.RAX);
  }

  /// `to` becomes the address of the block of the thread that a line names.
  private void block(Reg to, int offset) {
    code.load(Reg.RAX, Reg.R12, offset);
    code.apply(Operation.AND, Reg.RAX, (1 << Plan.POINT_SHIFT) - 1);
    code.move(Reg.RCX, Control.THREAD_SIZE);
    code.multiply(Reg.RAX, Reg.RCX);
    code.move(to, BASE + Control.thread(0));
    code.apply(Operation.ADD, to, Reg.RAX);
  }

  private void late() {
    code.load(Reg.RBX, Reg.R12, Plan.RANGE);
    randomUpTo();
    code.load(Reg.RAX, Reg.R12, Plan.LEAST);
    code.apply(Operation.ADD, Reg.RAX, Reg.RDX);
    code.store(Reg.R9, Runtime.offset(ThreadWord.LATE), Reg.RAX);
  }

  /// RDX becomes a random number from 0 to RBX. Destroys RAX, RBX and RCX.
  private void randomUpTo() {
    runtime.randomNumber();
    code.apply(Operation.ADD, Reg.RBX, 1);
    code.move(Reg.RDX, 0);
    code.divideUnsigned(Reg.RBX);
  }

  /// Goes elsewhere if threads meet in this round: then they start together.
  void unlessRandom(Label elsewhere) {
    if (isOff()) {
      return;
    }
    code.load(Reg.RAX, BASE + Control.WAY);
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NOT_EQUAL, elsewhere);
  }

  /// Before a statement of a thread: waits, if it is to meet another one here.
  void before(Statement statement) {
    if (!slots.points().isAt(statement)) {
      return;
    }
    var point = slots.points().at(statement);
    var goOn = code.label();
    var atOnce = code.label();
    code.load(Reg.RBX, Reg.R14, Runtime.offset(ThreadWord.PACE));
    code.test(Reg.RBX, Reg.RBX);
    code.jump(Condition.EQUAL, atOnce);
    code.call(pause);
    code.bind(atOnce);
    code.load(Reg.RAX, Reg.R14, Runtime.offset(ThreadWord.MEET));
    code.apply(Operation.CMP, Reg.RAX, point.number());
    code.jump(Condition.NOT_EQUAL, goOn);
    code.call(meet);
    code.bind(goOn);
    code.timeStamp();
    code.store(BASE + slots.begin(point), Reg.RAX);
  }

  /// Behind it.
  void after(Statement statement) {
    if (!slots.points().isAt(statement)) {
      return;
    }
    code.timeStamp();
    code.store(BASE + slots.end(slots.points().at(statement)), Reg.RAX);
    code.store(Reg.R14, Runtime.offset(ThreadWord.INSIDE), 0);
  }

  /// Into the record that R12 points to, from a word on.
  void record(int from) {
    if (isOff()) {
      return;
    }
    int at = from * Long.BYTES;
    code.load(Reg.RAX, BASE + Control.WAY);
    code.store(Reg.R12, at, Reg.RAX);
    for (var point : slots.points().all()) {
      for (int slot : new int[] {slots.begin(point), slots.end(point)}) {
        at += Long.BYTES;
        code.load(Reg.RAX, BASE + slot);
        code.store(Reg.R12, at, Reg.RAX);
      }
    }
  }

  void subroutines() {
    if (!isOff()) {
      meet();
      pause();
    }
  }

  /// The first thread waits until the second one has come, the second one until the first one has
  /// gone on: on a busy machine it may take a while until that gets its CPU again. Not if the other
  /// one has ended, and not for ever: it may never come, or wait for what this one is to do.
  /// Destroys RAX, RBX, RCX and RDX. There is no `pause` here: QEMU would take a lock each time.
  private void meet() {
    var follows = code.label();
    var wait = code.label();
    var goOn = code.label();
    var out = code.label();
    code.bind(meet);
    code.move(Reg.RAX, 1);
    code.lockExchangeAdd(BASE + Control.MET, Reg.RAX);
    setDeadline(ThreadWord.PATIENCE);
    var again = code.here();
    code.load(Reg.RCX, Reg.R14, Runtime.offset(ThreadWord.PARTNER));
    code.load(Reg.RAX, Reg.R14, Runtime.offset(ThreadWord.FOLLOWS));
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NOT_EQUAL, follows);
    code.load(Reg.RAX, BASE + Control.MET);
    code.apply(Operation.CMP, Reg.RAX, 2);
    code.jump(Condition.GREATER_OR_EQUAL, goOn);
    code.jump(wait);
    code.bind(follows);
    code.load(Reg.RAX, Reg.RCX, Runtime.offset(ThreadWord.MEET));
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.EQUAL, goOn);
    code.bind(wait);
    code.load(Reg.RAX, Reg.RCX, Runtime.offset(ThreadWord.ENDED));
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.NOT_EQUAL, out);
    untilDeadline(again);
    code.bind(out);
    code.store(Reg.R14, Runtime.offset(ThreadWord.MEET), 0);
    code.ret();

    code.bind(goOn);
    code.store(Reg.R14, Runtime.offset(ThreadWord.INSIDE), 1);
    code.store(Reg.R14, Runtime.offset(ThreadWord.MEET), 0);
    code.load(Reg.RAX, Reg.R14, Runtime.offset(ThreadWord.NEXT_PACE));
    code.store(Reg.R14, Runtime.offset(ThreadWord.PACE), Reg.RAX);
    setDeadline(ThreadWord.LATE);
    var notYet = code.here();
    untilDeadline(notYet);
    code.ret();
  }

  /// RBX becomes the time that lies as far ahead as a word of the thread says. Destroys RAX.
  private void setDeadline(ThreadWord ticks) {
    code.timeStamp();
    code.move(Reg.RBX, Reg.RAX);
    code.load(Reg.RAX, Reg.R14, Runtime.offset(ticks));
    code.apply(Operation.ADD, Reg.RBX, Reg.RAX);
  }

  /// Goes back as long as the time in RBX has not come. Destroys RAX.
  private void untilDeadline(Label back) {
    code.timeStamp();
    code.apply(Operation.SUB, Reg.RAX, Reg.RBX);
    code.jump(Condition.NEGATIVE, back);
  }

  /// For a random time up to RBX, but no longer than the partner is inside. Destroys RAX, RBX, RCX
  /// and RDX.
  private void pause() {
    var out = code.label();
    code.bind(pause);
    randomUpTo();
    code.move(Reg.RBX, Reg.RDX);
    code.timeStamp();
    code.apply(Operation.ADD, Reg.RBX, Reg.RAX);
    var again = code.here();
    code.load(Reg.RCX, Reg.R14, Runtime.offset(ThreadWord.PARTNER));
    code.load(Reg.RAX, Reg.RCX, Runtime.offset(ThreadWord.INSIDE));
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.EQUAL, out);
    untilDeadline(again);
    code.bind(out);
    code.ret();
  }
}
