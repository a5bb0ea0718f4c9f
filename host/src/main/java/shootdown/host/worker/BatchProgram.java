package shootdown.host.worker;

import static shootdown.host.worker.Control.BASE;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import shootdown.host.x86.Assembler;
import shootdown.host.x86.StaticElf;
import shootdown.host.x86.StaticElf.Rights;
import shootdown.host.x86.StaticElf.Segment;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;

/// A worker that runs many tests of one thread, each of them once, one after the other: the start
/// of a process costs as much as hundreds of such tests. The thread may have children.
///
/// @param file the executable
/// @param tests what lies where in the shared memory, for each test
/// @param records offset of each test's record
/// @param size of the shared memory in bytes
/// @param steps what the worker does that may fail, in words
public record BatchProgram(
    byte[] file, List<Slots> tests, List<Integer> records, int size, List<String> steps) {
  private static final long DATA = 0x800_0000;
  private static final int PAGE = 4096;

  public BatchProgram {
    tests = List.copyOf(tests);
    records = List.copyOf(records);
    steps = List.copyOf(steps);
  }

  /// Translates tests; all use the same files, as many as any of them has.
  ///
  /// @param shared the file that holds the shared memory
  /// @param folder where the worker makes the tests' files
  /// @throws Unrunnable if a test needs what user space cannot do
  public static BatchProgram of(List<LitmusTest> tests, Path shared, Path folder) {
    int threads = tests.stream().mapToInt(t -> t.threads().size()).max().orElse(1);
    var slots = tests.stream().map(t -> new Slots(t, Points.NONE, threads)).toList();
    var records = new ArrayList<Integer>();
    int next = slots.stream().mapToInt(Slots::ring).max().orElse(PAGE);
    for (var one : slots) {
      records.add(next);
      next += one.recordBytes();
    }
    int size = (next + PAGE - 1) / PAGE * PAGE;
    var code = new Assembler(WorkerCode.CODE);
    var runtime = new Runtime(code);
    ProcessCode.begin(code, runtime, shared, size, DATA + WorkerCode.STACK_BYTES);
    var files =
        tests.stream().map(t -> new TestFiles(t, folder, shared, code, runtime)).toList();
    files.getFirst().openAll(DATA + WorkerCode.STACK_BYTES, files);
    runtime.dropCapabilities();
    var bodies = new ArrayList<BodyCode>();
    for (int i = 0; i < tests.size(); i++) {
      var meetings = new MeetingCode(tests.get(i), slots.get(i), code, runtime);
      var body = new BodyCode(tests.get(i), slots.get(i), code, runtime, meetings);
      bodies.add(body);
      if (i == 0) {
        body.settle(onlyThread(tests.get(i)));
        code.store(BASE + Control.STATUS, Control.Status.RUNNING.ordinal());
      }
      files.get(i).areOpen(DATA + WorkerCode.STACK_BYTES);
      var thread = onlyThread(tests.get(i));
      var rounds =
          new RoundCode(
              tests.get(i), List.of(thread), slots.get(i), files.get(i), code, runtime,
              meetings);
      rounds.before();
      body.body(thread);
      body.reapChildren(thread);
      rounds.afterInBatch(records.get(i));
    }
    runtime.exitGroup(Control.Status.DONE, 0);
    bodies.forEach(BodyCode::children);
    runtime.subroutines(1, 1);
    byte[] text = code.finish();
    return new BatchProgram(
        StaticElf.of(
            WorkerCode.CODE,
            List.of(
                new Segment(WorkerCode.CODE, text, text.length, Rights.READ_EXECUTE),
                new Segment(
                    DATA, new byte[0], WorkerCode.STACK_BYTES + TestFiles.ZEROS,
                    Rights.READ_WRITE))),
        slots,
        records,
        size,
        runtime.steps());
  }

  private static LitmusThread onlyThread(LitmusTest test) {
    var thread = test.threads().getFirst();
    if (thread.kind() != LitmusThread.Kind.USER
        || test.threads().stream().skip(1).anyMatch(t -> t.kind() != LitmusThread.Kind.CHILD)) {
      throw new IllegalArgumentException(test.name() + " has several threads");
    }
    return thread;
  }
}
