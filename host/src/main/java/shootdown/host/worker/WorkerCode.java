package shootdown.host.worker;

import static shootdown.host.worker.Control.BASE;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import shootdown.host.worker.Control.ThreadWord;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.Assembler.Operation;
import shootdown.host.x86.Condition;
import shootdown.host.x86.Label;
import shootdown.host.x86.Reg;
import shootdown.host.x86.StaticElf;
import shootdown.host.x86.StaticElf.Rights;
import shootdown.host.x86.StaticElf.Segment;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;
import shootdown.litmus.SystemCall;

/// The program of a worker, from its first instruction on.
///
/// ```text
/// start: shared memory, signals, files, threads
/// every thread, for ever:
///   the first one: what the last round left is taken away; the initial state
///   barrier, late start, the thread's statements, barrier
///   the first one: the record
/// ```
final class WorkerCode {
  static final long CODE = 0x40_0000;
  private static final long DATA = 0x80_0000;
  static final int STACK_BYTES = 1 << 16;
  /// VM, FS, FILES, SIGHAND, THREAD, SYSVSEM
  private static final int THREAD_FLAGS = 0x50f00;

  private final LitmusTest test;
  private final Path shared;
  private final int cpus;
  private final Assembler code = new Assembler(CODE);
  private final Runtime runtime = new Runtime(code);
  private final Slots slots;
  private final TestFiles files;
  private final RoundCode rounds;
  private final BodyCode bodies;
  /// Threads of the first process, the leader first.
  private final List<LitmusThread> own;

  private final MeetingCode meetings;

  WorkerCode(LitmusTest test, Path shared, Path folder, int cpus, Points points) {
    this.test = test;
    this.shared = shared;
    this.cpus = cpus;
    slots = new Slots(test, points);
    own =
        test.threads().stream()
            .filter(t -> t.kind() != LitmusThread.Kind.CHILD)
            .sorted((a, b) -> a.kind().compareTo(b.kind()))
            .toList();
    files = new TestFiles(test, folder, shared, code, runtime);
    meetings = new MeetingCode(test, slots, code, runtime);
    bodies = new BodyCode(test, slots, code, runtime, meetings);
    rounds = new RoundCode(test, own, slots, files, code, runtime, meetings);
  }

  WorkerProgram translate() {
    var starts = new ArrayList<Label>();
    own.forEach(_ -> starts.add(code.label()));
    begin();
    for (int i = 1; i < own.size(); i++) {
      startThread(i, starts.get(i));
    }
    for (int i = 0; i < own.size(); i++) {
      code.bind(starts.get(i));
      thread(own.get(i), i == 0);
    }
    bodies.children();
    meetings.subroutines();
    runtime.subroutines(own.size(), cpus);
    long data = Math.max(STACK_BYTES * (long) own.size(), 1);
    byte[] file =
        StaticElf.of(
            CODE,
            List.of(
                new Segment(CODE, code.finish(), DATA - CODE, Rights.READ_EXECUTE),
                new Segment(DATA, new byte[0], data + TestFiles.ZEROS, Rights.READ_WRITE)));
    return new WorkerProgram(file, slots, runtime.steps(), files.descriptors());
  }

  private void begin() {
    ProcessCode.begin(code, runtime, shared, slots.size(), DATA + STACK_BYTES);
    files.open(DATA + STACK_BYTES * (long) own.size());
    KernelWork.begin(Functions.in(test), code, runtime);
    if (Functions.in(test).contains(SystemCall.MIGRATE)) {
      runtime.dropMostCapabilities();
    } else {
      runtime.dropCapabilities();
    }
  }

  private void startThread(int index, Label start) {
    code.move(Reg.RDI, THREAD_FLAGS);
    code.move(Reg.RSI, DATA + STACK_BYTES * (index + 1L));
    code.move(Reg.RDX, 0);
    code.move(Reg.R10, 0);
    code.move(Reg.R8, 0);
    runtime.must(LinuxCall.CLONE, "clone of a thread");
    code.test(Reg.RAX, Reg.RAX);
    code.jump(Condition.EQUAL, start);
  }

  private void thread(LitmusThread thread, boolean leads) {
    bodies.settle(thread);
    if (leads) {
      code.store(BASE + Control.STATUS, Control.Status.RUNNING.ordinal());
    }
    var again = code.here();
    if (leads) {
      rounds.before();
    }
    runtime.waitForAll();
    bodies.fetch(thread);
    runtime.startLate();
    code.store(Reg.R14, Runtime.offset(ThreadWord.STARTED), 1);
    bodies.body(thread);
    duration();
    code.store(Reg.R14, Runtime.offset(ThreadWord.ENDED), 1);
    bodies.reapChildren(thread);
    runtime.waitForAll();
    if (leads) {
      rounds.after();
    }
    code.jump(again);
  }

  private void duration() {
    code.timeStamp();
    code.load(Reg.RCX, Reg.R14, Runtime.offset(ThreadWord.BEGIN));
    code.apply(Operation.SUB, Reg.RAX, Reg.RCX);
    code.store(Reg.R14, Runtime.offset(ThreadWord.DURATION), Reg.RAX);
  }
}
