package shootdown.machine;

import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Task;
import shootdown.sched.Turn;
import shootdown.sched.Violation;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// Store buffers (TSO): a plain store waits here, in order, and later loads of its CPU may be done
/// before it reaches memory. Loads of its own CPU see it. Empty, and free of charge, unless
/// [#enable] made a CPU use its buffer.
///
/// ```text
/// entry:  63 … 44  43 … 32  31 … 20  19 … 8  1            0
///         pfn      vpn      word     space   (unused)     in use
/// ```
public final class StoreBuffers {
  /// Stores that can wait on one CPU; a store to a full buffer waits for the oldest to drain.
  static final int DEPTH = 2;

  private final Machine machine;
  private final Steps steps;
  private final Words entries;
  private final Words values;
  private long enabled;

  StoreBuffers(Program program, Layout layout, Machine machine) {
    this.machine = machine;
    this.steps = program.steps();
    int length = layout.cpus() * DEPTH;
    this.entries = program.words(i -> "store buffer" + i, length, 0, Long::toString, false);
    this.values = program.words(i -> "stored" + i, length, 0, Long::toString, false);
  }

  /// Makes a CPU's plain stores wait, where its architecture has store buffers. Adds a task that
  /// drains them at any moment; to be called while the program is laid out.
  public void enable(Program program, int cpu) {
    if (!machine.profile().storeBuffer() || isEnabled(cpu)) {
      return;
    }
    enabled |= 1L << cpu;
    program.task("store buffer " + cpu, Task.Kind.DAEMON, () -> drainForEver(cpu));
  }

  boolean isEnabled(int cpu) {
    return (enabled >>> cpu & 1) != 0;
  }

  /// Puts a store into the buffer. Inside of an atomic step.
  void put(Access access, int pfn, long value) {
    int cpu = access.cpu();
    if (entry(cpu, DEPTH - 1).test(1)) {
      drainOne(cpu);
    }
    for (int i = 0; i < DEPTH; i++) {
      if (!entry(cpu, i).test(1)) {
        entry(cpu, i).write(pack(access, pfn));
        value(cpu, i).write(value);
        return;
      }
    }
    throw steps.fail(new Violation(Machine.LIMIT, "store buffer is full"));
  }

  /// Whether a load of this word of this frame is served from the buffer.
  boolean holds(int cpu, int pfn, int word) {
    return isEnabled(cpu) && find(cpu, pfn, word) >= 0;
  }

  /// Whether a store of the CPU to this word of an address space waits.
  public boolean isWaiting(int cpu, int space, int vpn, int word) {
    for (int i = 0; isEnabled(cpu) && i < DEPTH; i++) {
      long packed = entry(cpu, i).read();
      if (packed != 0 && isTo(access(cpu, packed), space, vpn, word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isTo(Access access, int space, int vpn, int word) {
    return access.space() == space && access.vpn() == vpn && access.word() == word;
  }

  /// The youngest waiting store to the word.
  long forward(int cpu, int pfn, int word) {
    return value(cpu, find(cpu, pfn, word)).read();
  }

  /// Empties the buffer: what fences, locked operations, interrupts and kernel entry do.
  public void drain(int cpu) {
    if (!isEnabled(cpu)) {
      return;
    }
    steps.atomic(
        "drain store buffer",
        () -> {
          for (int i = 0; i < DEPTH && entry(cpu, 0).test(1); i++) {
            drainOne(cpu);
          }
        });
  }

  private void drainForEver(int cpu) {
    steps.loop(
        "store buffer",
        true,
        _ -> {
          steps.atomic(
              "store drains",
              () -> {
                entry(cpu, 0).await(1, 1);
                drainOne(cpu);
              });
          return Turn.again(true);
        });
  }

  private void drainOne(int cpu) {
    long packed = entry(cpu, 0).read();
    long value = value(cpu, 0).read();
    var access = access(cpu, packed);
    int pfn = (int) (packed >>> 44);
    var target = machine.memory().at(pfn, access.word());
    long before = target.swap(value);
    machine.witness().accessed(access, pfn, before, value, false);
    machine.witness().drained(access);
    machine.note(() -> "store buffer" + cpu + " drains: F" + pfn + " = " + value);
    for (int i = 0; i < DEPTH; i++) {
      boolean more = i + 1 < DEPTH && entry(cpu, i + 1).test(1);
      entry(cpu, i).write(more ? entry(cpu, i + 1).read() : 0);
      value(cpu, i).write(more ? value(cpu, i + 1).read() : 0);
    }
  }

  private int find(int cpu, int pfn, int word) {
    for (int i = DEPTH - 1; i >= 0; i--) {
      long packed = entry(cpu, i).read();
      if (packed != 0 && packed >>> 44 == pfn && (packed >>> 20 & 0xfff) == word) {
        return i;
      }
    }
    return -1;
  }

  private static long pack(Access access, int pfn) {
    return (long) pfn << 44
        | (long) access.vpn() << 32
        | (long) access.word() << 20
        | (long) access.space() << 8
        | 1;
  }

  private static Access access(int cpu, long packed) {
    return new Access(
        cpu,
        (int) (packed >>> 8 & 0xfff),
        (int) (packed >>> 32 & 0xfff),
        (int) (packed >>> 20 & 0xfff),
        Access.Kind.STORE);
  }

  private Word entry(int cpu, int i) {
    return entries.at(cpu * DEPTH + i);
  }

  private Word value(int cpu, int i) {
    return values.at(cpu * DEPTH + i);
  }
}
