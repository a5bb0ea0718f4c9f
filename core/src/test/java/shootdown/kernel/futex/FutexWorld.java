package shootdown.kernel.futex;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import shootdown.kernel.Kernel;
import shootdown.kernel.QuietGround;
import shootdown.kernel.Timeline;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Vma;
import shootdown.kernel.fault.UserResult;
import shootdown.kernel.history.KernelSpec;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.machine.Profiles;
import shootdown.machine.Witness;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.Word;

/// A machine and a kernel, with two address spaces that map:
///
/// ```text
/// page 1   private, anonymous, writable
/// page 2   shared memory (file 0), writable
/// page 3   shared memory (file 0), read-only
/// page 4   nothing
/// ```
final class FutexWorld {
  static final long PRIVATE = Layout.PAGE_SIZE;
  static final long SHARED = 2 * Layout.PAGE_SIZE;
  static final long READ_ONLY = 3 * Layout.PAGE_SIZE;

  final Program program = new Program();
  final Kernel kernel;
  final List<Word> results = new ArrayList<>();
  private final KernelData data;
  private final Word ready;
  private int threads;

  FutexWorld(String spec, String machineName) {
    var layout = new Layout(2, 2, 5, 7, 4, 2, Layout.PTRS_PER_PTE, 0, 1);
    var machine =
        new Machine(
            program,
            Profiles.find(machineName).orElseThrow(),
            layout,
            (space, vpn) -> "page " + vpn,
            Witness.NOBODY);
    data = new KernelData(program, machine, new QuietGround(), 1, 2);
    var decisions = spec(spec).decisions(Timeline.all());
    kernel = new Kernel(data, decisions, 4);
    program.init(data.file(0).kind(), FileData.Kind.SHMEM.ordinal());
    program.init(data.file(0).size(), 2 * Layout.PAGE_SIZE);
    ready = program.word("ready", 0);
    program.task("setup", Task.Kind.NORMAL, this::setup);
  }

  private static KernelSpec spec(String text) {
    try {
      return KernelSpec.parse(text, Timeline.all());
    } catch (KernelSpec.SpecException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private void setup() {
    program.steps().atomic(
        "setup",
        () -> {
          long readWrite = Vma.VM_READ | Vma.VM_WRITE;
          for (var mm : data.mms()) {
            data.machine().cpus().load(0, mm.number());
            data.machine().cpus().load(1, mm.number());
            mm.insert(new Vma(1, 2, 1, Vma.ANONYMOUS, readWrite | Vma.VM_ANON_VMA));
            mm.insert(new Vma(2, 3, 0, 0, readWrite | Vma.VM_SHARED));
            mm.insert(new Vma(3, 4, 1, 0, Vma.VM_READ | Vma.VM_SHARED));
          }
          ready.write(1);
        });
  }

  /// What a thread can do.
  final class Thread {
    final Current me;
    private final Word result;

    private Thread(Current me, Word result) {
      this.me = me;
      this.result = result;
    }

    long load(long va) {
      return switch (kernel.user().load(me, va)) {
        case UserResult.Value(long value) -> value;
        case UserResult.Signal _ -> throw new IllegalStateException("a signal");
      };
    }

    void store(long va, long value) {
      kernel.user().store(me, va, value);
    }

    /// cmpxchg; tells what the word was.
    long cas(long va, long expected, long value) {
      return update(va, old -> old == expected ? value : old);
    }

    long update(long va, LongUnaryOperator newValue) {
      return ((UserResult.Value) kernel.user().update(me, va, newValue)).value();
    }

    long futex(long va, int op, int val) {
      return futex(va, op, val, 0, 0, 0);
    }

    long futex(long va, int op, int val, long timeout, long va2, int val3) {
      return kernel.futex(me, va, op, val, timeout, va2, val3);
    }

    void result(long value) {
      result.write(value);
    }
  }

  /// Code of a thread.
  @FunctionalInterface
  interface Body {
    void run(Thread thread);
  }

  /// Adds a thread with the next tid, on CPU tid - 1 (of two), in address space `mm`.
  FutexWorld thread(int mm, Body body) {
    int tid = ++threads;
    var result = program.word("result " + tid, 99);
    results.add(result);
    var thread = new Thread(new Current((tid - 1) % 2, mm, tid), result);
    program.task(
        "P" + (tid - 1),
        Task.Kind.NORMAL,
        () -> {
          ready.await(1);
          body.run(thread);
        });
    return this;
  }

  /// Adds a kernel thread that tries to reclaim the page at `va` of address space 0.
  FutexWorld kswapd(long va) {
    program.task(
        "kswapd",
        Task.Kind.NORMAL,
        () -> {
          ready.await(1);
          kernel.shrink(new Current(1, -1, 100), 0, va);
        });
    return this;
  }

  /// Outcomes tell each thread's result and who sleeps.
  Program done() {
    program.outcome(
        view -> {
          var text = new StringBuilder();
          results.forEach(r -> text.append(view.get(r)).append(' '));
          var waiting = kernel.futexWaiters(view);
          return text.toString().strip() + (waiting.isEmpty() ? "" : " asleep " + waiting);
        });
    return program;
  }
}
