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
import shootdown.litmus.Call;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;
import shootdown.litmus.Observable;

/// What the leader does before and after each round, while the other threads wait.
final class RoundCode {
  private static final long FIRST_ADDRESS = WorkerAddresses.OFFSET;
  private static final int PAGE = 4096;
  private static final int HUGE_PAGE = 2 << 20;
  private static final int EFAULT = 14;
  private static final int MEDIAN_SHIFT = 5;
  private static final int SLEEP_NANOS = 50_000;
  private static final int ORPHAN_MASK = 1023;
  private static final int TRIAL_MASK = 255;
  private static final int QUIET_MASK = 3;
  /// So many rounds have the same mappings where rounds [can be repeated][FixedWords].
  private static final int REPEATED_MASK = 1023;

  private final LitmusTest test;
  private final List<LitmusThread> own;
  private final Slots slots;
  private final TestFiles files;
  private final Assembler code;
  private final Runtime runtime;
  private final MeetingCode meetings;
  private final PageCacheCode cache;
  private final boolean isRepeated;

  RoundCode(
      LitmusTest test,
      List<LitmusThread> own,
      Slots slots,
      TestFiles files,
      Assembler code,
      Runtime runtime,
      MeetingCode meetings) {
    this.test = test;
    this.own = own;
    this.slots = slots;
    this.files = files;
    this.code = code;
    this.runtime = runtime;
    this.meetings = meetings;
    cache = new PageCacheCode(test, code);
    isRepeated = FixedWords.canBeRepeated(test);
  }

  /// The initial state. The leader's block is in R14.
  void before() {
    for (var thread : test.threads()) {
      int index = slots.index(thread);
      for (var word : List.of(ThreadWord.SIGNAL, ThreadWord.ENDED, ThreadWord.STARTED,
          ThreadWord.PID)) {
        code.store(BASE + Control.word(index, word), 0);
      }
      slots.registers(thread).values().forEach(slot -> code.store(BASE + slot, 0));
    }
    meetings.choose();
    chooseWindow();
    chooseQuiet();
    var fault = code.label();
    var end = code.label();
    var from = code.here();
    initialState(end);
    runtime.mayFault(from, code.here(), fault);
    code.jump(end);
    code.bind(fault);
    runtime.fail("an access of the initial state");
    code.bind(end);
  }

  private void initialState(Label end) {
    var statements = new StatementCode(code, new Globals(), new InitialCalls());
    if (isRepeated) {
      var anew = code.label();
      unlessRepeated(anew);
      for (var thread : test.threads()) {
        for (var word : FixedWords.in(thread.body().statements()).stored()) {
          code.load(Reg.RCX, BASE + slots.global(word.global()));
          code.store(Reg.RCX, word.offset(), 0);
        }
      }
      statements.statements(FixedWords.initialStores(test));
      code.jump(end);
      code.bind(anew);
    }
    code.move(Reg.RAX, FIRST_ADDRESS + PAGE);
    code.store(BASE + Control.NEXT_ADDRESS, Reg.RAX);
    statements.statements(test.init());
  }

  /// Goes elsewhere if this round's mappings are new ones.
  private void unlessRepeated(Label elsewhere) {
    code.load(Reg.RAX, BASE + Control.PRODUCED);
    code.apply(Operation.AND, Reg.RAX, REPEATED_MASK);
    code.jump(Condition.EQUAL, elsewhere);
  }

  /// The window is what the longest thread takes, or a half, a quarter, … of it: some races are
  /// near the start. Threads that meet later start together.
  private void chooseWindow() {
    var together = code.label();
    code.store(BASE + Control.WINDOW, 0);
    meetings.unlessRandom(together);
    runtime.randomNumber();
    code.move(Reg.RCX, Reg.RAX);
    code.applyWord(Operation.AND, Reg.RCX, BASE + Control.SCALES);
    code.load(Reg.RAX, BASE + Control.DURATION);
    code.shift(Shift.LOGICAL_RIGHT, Reg.RAX);
    code.store(BASE + Control.WINDOW, Reg.RAX);
    code.bind(together);
  }

  /// A record at a place of its own, in a worker that runs many tests once each.
  ///
  /// @param offset of the record in the shared memory
  void afterInBatch(int offset) {
    code.move(Reg.R12, BASE + offset);
    code.load(Reg.RAX, BASE + Control.PRODUCED);
    fillRecord();
    code.addTo(BASE + Control.PRODUCED, 1);
    removeMappings();
  }

  /// The record; then nothing is left of the round.
  void after() {
    waitForRoom();
    observe();
    code.addTo(BASE + Control.PRODUCED, 1);
    followDuration();
    var kept = code.label();
    if (isRepeated) {
      var last = code.label();
      unlessRepeated(last);
      code.jump(kept);
      code.bind(last);
    }
    removeMappings();
    code.bind(kept);
    tryDropping();
    endOrGoOn();
  }

  /// After the first round, and then once in a while.
  private void tryDropping() {
    if (!cache.isOn() || files.count() == 0) {
      return;
    }
    var not = code.label();
    code.load(Reg.RAX, BASE + Control.PRODUCED);
    code.apply(Operation.AND, Reg.RAX, TRIAL_MASK);
    code.apply(Operation.CMP, Reg.RAX, 1);
    code.jump(Condition.NOT_EQUAL, not);
    cache.tryDropping(files.first(), runtime);
    code.bind(not);
  }

  /// In one of four rounds.
  private void chooseQuiet() {
    if (cache.isOn()) {
      var loud = code.label();
      code.store(BASE + Control.QUIET, 0);
      runtime.randomNumber();
      code.apply(Operation.AND, Reg.RAX, QUIET_MASK);
      code.jump(Condition.NOT_EQUAL, loud);
      code.store(BASE + Control.QUIET, 1);
      code.bind(loud);
    }
  }

  private void waitForRoom() {
    var room = code.label();
    var again = code.here();
    code.load(Reg.RAX, BASE + Control.PRODUCED);
    code.applyWord(Operation.SUB, Reg.RAX, BASE + Control.CONSUMED);
    code.apply(Operation.CMP, Reg.RAX, slots.capacity());
    code.jump(Condition.LESS, room);
    runtime.endIfOrphaned();
    code.store(BASE + Control.PATIENCE, 0);
    code.store(BASE + Control.PATIENCE + 8, SLEEP_NANOS);
    code.move(Reg.RDI, BASE + Control.PATIENCE);
    code.move(Reg.RSI, 0);
    runtime.call(LinuxCall.NANOSLEEP);
    code.jump(again);
    code.bind(room);
  }

  /// R12 is the address of the record.
  private void observe() {
    code.load(Reg.R12, BASE + Control.PRODUCED);
    code.move(Reg.RAX, Reg.R12);
    code.apply(Operation.AND, Reg.R12, slots.capacity() - 1);
    code.move(Reg.RCX, slots.recordBytes());
    code.multiply(Reg.R12, Reg.RCX);
    code.apply(Operation.ADD, Reg.R12, (int) (BASE + slots.ring()));
    fillRecord();
  }

  /// The number of the round is in RAX.
  private void fillRecord() {
    int at = 0;
    code.store(Reg.R12, at, Reg.RAX);
    for (var global : slots.globals()) {
      at += Long.BYTES;
      code.load(Reg.RAX, BASE + slots.global(global));
      code.store(Reg.R12, at, Reg.RAX);
    }
    meetings.record(slots.way());
    at = (slots.firstTid() - 1) * Long.BYTES;
    for (var thread : test.threads()) {
      at += Long.BYTES;
      code.load(Reg.RAX, BASE + Control.word(slots.index(thread), ThreadWord.TID));
      code.store(Reg.R12, at, Reg.RAX);
    }
    for (var observable : slots.observables()) {
      at += Long.BYTES;
      value(observable);
      code.store(Reg.R12, at, Reg.RAX);
    }
    for (int offset : slots.traced()) {
      at += Long.BYTES;
      code.load(Reg.RAX, BASE + offset);
      code.store(Reg.R12, at, Reg.RAX);
    }
  }

  private void value(Observable observable) {
    switch (observable) {
      case Observable.Register(var thread, var name) ->
          code.load(Reg.RAX, BASE + slots.register(test.thread(thread), name));
      case Observable.Signal(var thread) -> {
        int index = slots.index(test.thread(thread));
        code.load(Reg.RAX, BASE + Control.word(index, ThreadWord.SIGNAL));
      }
      case Observable.Memory(var name, var word) -> memory(name, word);
      case Observable.File(var name, var word) -> {
        code.store(BASE + Control.ZERO_WORD, 0);
        code.move(Reg.RDI, files.descriptor(name));
        code.move(Reg.RSI, BASE + Control.ZERO_WORD);
        code.move(Reg.RDX, Long.BYTES);
        code.move(Reg.R10, word * Long.BYTES);
        runtime.call(LinuxCall.PREAD64);
        code.load(Reg.RAX, BASE + Control.ZERO_WORD);
      }
      case Observable.Bound(var name) -> code.load(Reg.RAX, BASE + slots.global(name));
    }
  }

  private void memory(String name, long word) {
    var fault = code.label();
    var end = code.label();
    code.load(Reg.RCX, BASE + slots.global(name));
    code.move(Reg.RDX, word * Long.BYTES);
    code.apply(Operation.ADD, Reg.RCX, Reg.RDX);
    var from = code.here();
    code.load(Reg.RAX, Reg.RCX, 0);
    runtime.mayFault(from, code.here(), fault);
    code.jump(end);
    code.bind(fault);
    code.move(Reg.RAX, -EFAULT);
    code.bind(end);
  }

  /// Follows the median: a few rounds that were interrupted for long make no difference. The first
  /// round is where it begins. A round in which threads waited for each other tells nothing.
  private void followDuration() {
    var leave = code.label();
    meetings.unlessRandom(leave);
    code.move(Reg.RAX, 0);
    for (var thread : own) {
      var shorter = code.label();
      code.load(Reg.RCX, BASE + Control.word(slots.index(thread), ThreadWord.DURATION));
      code.apply(Operation.CMP, Reg.RCX, Reg.RAX);
      code.jump(Condition.LESS, shorter);
      code.move(Reg.RAX, Reg.RCX);
      code.bind(shorter);
    }
    var known = code.label();
    code.load(Reg.RCX, BASE + Control.DURATION);
    code.test(Reg.RCX, Reg.RCX);
    code.jump(Condition.NOT_EQUAL, known);
    code.move(Reg.RCX, Reg.RAX);
    code.bind(known);
    code.move(Reg.RDX, Reg.RCX);
    code.shift(Shift.LOGICAL_RIGHT, Reg.RDX, MEDIAN_SHIFT);
    code.apply(Operation.ADD, Reg.RDX, 1);
    var less = code.label();
    var end = code.label();
    code.apply(Operation.CMP, Reg.RAX, Reg.RCX);
    code.jump(Condition.LESS, less);
    code.apply(Operation.ADD, Reg.RCX, Reg.RDX);
    code.jump(end);
    code.bind(less);
    code.apply(Operation.SUB, Reg.RCX, Reg.RDX);
    code.bind(end);
    code.store(BASE + Control.DURATION, Reg.RCX);
    code.bind(leave);
  }

  private void removeMappings() {
    code.move(Reg.RDI, FIRST_ADDRESS);
    code.move(Reg.RSI, ProcessCode.END_OF_USER_SPACE - FIRST_ADDRESS);
    runtime.must(LinuxCall.MUNMAP, "munmap of what a round left");
  }

  private void endOrGoOn() {
    var end = code.label();
    var look = code.label();
    var goOn = code.label();
    code.load(Reg.RAX, BASE + Control.PRODUCED);
    code.applyWord(Operation.CMP, Reg.RAX, BASE + Control.LIMIT);
    code.jump(Condition.GREATER_OR_EQUAL, end);
    code.load(Reg.RCX, BASE + Control.STOP);
    code.test(Reg.RCX, Reg.RCX);
    code.jump(Condition.EQUAL, look);
    code.bind(end);
    runtime.exitGroup(Control.Status.DONE, 0);
    code.bind(look);
    code.apply(Operation.AND, Reg.RAX, ORPHAN_MASK);
    code.jump(Condition.NOT_EQUAL, goOn);
    runtime.endIfOrphaned();
    code.bind(goOn);
  }

  private final class Globals implements ExpressionCode.Names {
    @Override
    public long global(String name) {
      return BASE + slots.global(name);
    }

    @Override
    public long register(String name) {
      return global(name);
    }
  }

  private final class InitialCalls implements StatementCode.Special {
    @Override
    public void fork(int child) {
      throw new IllegalArgumentException("fork() stands in threads only");
    }

    @Override
    public void waitFor(int child) {
      throw new IllegalArgumentException("wait() stands in threads only");
    }

    @Override
    public void file(Call call) {
      files.reset(call);
    }

    @Override
    public void open(Call call) {
      code.move(Reg.RAX, files.descriptor(call));
    }

    @Override
    public void pipe() {
      files.pipe();
    }

    @Override
    public void userfaultfd() {
      files.userfaultfd();
    }

    @Override
    public void merge() {
      throw new IllegalArgumentException("ksm_merge() stands in kthreads only");
    }

    /// Addresses grow; what is as large as a huge page is aligned to one.
    @Override
    public void reserve() {
      var small = code.label();
      code.load(Reg.RCX, BASE + Control.NEXT_ADDRESS);
      code.apply(Operation.CMP, Reg.RAX, HUGE_PAGE);
      code.jump(Condition.BELOW, small);
      code.apply(Operation.ADD, Reg.RCX, HUGE_PAGE - 1);
      code.apply(Operation.AND, Reg.RCX, -HUGE_PAGE);
      code.bind(small);
      code.apply(Operation.ADD, Reg.RAX, PAGE - 1);
      code.apply(Operation.AND, Reg.RAX, -PAGE);
      code.apply(Operation.ADD, Reg.RAX, Reg.RCX);
      code.store(BASE + Control.NEXT_ADDRESS, Reg.RAX);
      code.move(Reg.RAX, Reg.RCX);
    }

    @Override
    public boolean isInitial() {
      return true;
    }
  }
}
