package shootdown.host.worker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import shootdown.litmus.Call;
import shootdown.litmus.Condition;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;
import shootdown.litmus.Observable;
import shootdown.litmus.Statement;
import shootdown.litmus.Target;

/// Which word of the shared memory is what: names of the initial state, registers of threads, and
/// what a record holds.
///
/// A record: the number of the round, then the names of the initial state, then, if threads can be
/// made to meet, how the round began and two times for each point, then the kernel's identifiers
/// of the threads, then what is observed, then all else that can be told of a round: all registers
/// and signals, and what calls gave whose results go nowhere.
public final class Slots {
  private static final int CACHE_LINE = 64;
  private static final int PAGE = 4096;
  private static final int RING_BYTES = 1 << 21;

  private final LitmusTest test;
  private final Map<String, Integer> globals = new LinkedHashMap<>();
  private final Map<LitmusThread, Map<String, Integer>> registers = new HashMap<>();
  private final List<Observable> observables;
  private final Points points;
  private final Map<Points.Point, Integer> times = new HashMap<>();
  private final Map<Statement, Integer> results = new IdentityHashMap<>();
  private final List<Integer> traced = new ArrayList<>();
  private final int plan;
  private final int ring;
  private final int capacity;

  Slots(LitmusTest test) {
    this(test, Points.NONE);
  }

  /// @param points of the test at which threads meet
  Slots(LitmusTest test, Points points) {
    this(test, points, test.threads().size());
  }

  /// @param points of the test at which threads meet
  /// @param blocks how many threads have words of their own in the shared memory: with several
  ///     tests in one worker, as many as any test has threads
  Slots(LitmusTest test, Points points, int blocks) {
    this.test = test;
    this.points = points;
    int next = Control.thread(blocks);
    for (var name : test.globals().keySet()) {
      globals.put(name, next);
      next += Long.BYTES;
    }
    for (var thread : test.threads()) {
      next = roundUp(next, CACHE_LINE);
      var own = new LinkedHashMap<String, Integer>();
      for (var name : thread.registers()) {
        own.put(name, next);
        next += Long.BYTES;
      }
      for (var call : callsForNothing(thread.body().statements())) {
        results.put(call, next);
        next += Long.BYTES;
      }
      registers.put(thread, own);
    }
    for (int i = 0; i < test.threads().size(); i++) {
      traced.addAll(registers.get(test.threads().get(i)).values());
      traced.add(Control.word(i, Control.ThreadWord.SIGNAL));
    }
    traced.addAll(results.values());
    int lastThread = -1;
    for (var point : points.all()) {
      next = point.thread() == lastThread ? next : roundUp(next, CACHE_LINE);
      lastThread = point.thread();
      times.put(point, next);
      next += 2 * Long.BYTES;
    }
    observables = List.copyOf(observed(test));
    plan = roundUp(next, PAGE);
    ring = points.isEmpty() ? plan : plan + roundUp(Plan.BYTES, PAGE);
    capacity = Integer.highestOneBit(RING_BYTES / recordBytes());
  }

  /// What the end of an execution is known by: what the condition looks at; without one, all
  /// registers and signals.
  private static Set<Observable> observed(LitmusTest test) {
    var found = new LinkedHashSet<Observable>();
    switch (test.condition()) {
      case Condition.Over over ->
          over.observables().stream()
              .filter(o -> !(o instanceof Observable.Bound))
              .forEach(found::add);
      case Condition.None _ -> {
        for (var thread : test.threads()) {
          if (thread.kind() != LitmusThread.Kind.KTHREAD) {
            for (var register : thread.registers()) {
              found.add(new Observable.Register(thread.number(), register));
            }
            found.add(new Observable.Signal(thread.number()));
          }
        }
      }
    }
    return found;
  }

  private static List<Statement> callsForNothing(List<Statement> statements) {
    var found = new ArrayList<Statement>();
    for (var statement : statements) {
      switch (statement) {
        case Statement.Assign(Target.Nothing _, Call _, _) -> found.add(statement);
        case Statement.Assign _ -> {}
        case Statement.If(_, var then, var otherwise, _) -> {
          found.addAll(callsForNothing(then.statements()));
          found.addAll(callsForNothing(otherwise.statements()));
        }
        case Statement.While(_, var body, _) -> found.addAll(callsForNothing(body.statements()));
        case Statement.Block(var inner, _) -> found.addAll(callsForNothing(inner));
      }
    }
    return found;
  }

  /// Offset of a name of the initial state.
  public int global(String name) {
    return globals.get(name);
  }

  /// Names of the initial state, in the order of a record.
  public List<String> globals() {
    return new ArrayList<>(globals.keySet());
  }

  /// Offset of a register.
  public int register(LitmusThread thread, String name) {
    return registers.get(thread).get(name);
  }

  Map<String, Integer> registers(LitmusThread thread) {
    return registers.get(thread);
  }

  /// Number of a thread in the order of the file.
  public int index(LitmusThread thread) {
    return test.threads().indexOf(thread);
  }

  /// What is observed, in the order of a record.
  public List<Observable> observables() {
    return observables;
  }

  public int recordWords() {
    return firstTraced() + traced.size();
  }

  /// Offset of what a call gave whose result goes nowhere; empty for any other statement.
  OptionalInt result(Statement statement) {
    return results.containsKey(statement)
        ? OptionalInt.of(results.get(statement))
        : OptionalInt.empty();
  }

  /// Offsets of what ends a record, word by word.
  List<Integer> traced() {
    return traced;
  }

  private int firstTraced() {
    return firstObserved() + observables.size();
  }

  /// Word of a record that holds a register.
  int tracedRegister(LitmusThread thread, String name) {
    return firstTraced() + traced.indexOf(register(thread, name));
  }

  /// Word of a record that holds a thread's signal.
  int tracedSignal(int thread) {
    return firstTraced() + traced.indexOf(Control.word(thread, Control.ThreadWord.SIGNAL));
  }

  /// Word of a record that holds what a call gave; empty as for [#result].
  OptionalInt tracedResult(Statement statement) {
    var result = result(statement);
    return result.isEmpty()
        ? result
        : OptionalInt.of(firstTraced() + traced.indexOf(result.getAsInt()));
  }

  /// Memory and files of a round that never ends.
  public interface Remains {
    /// Nobody can look at them: they count as 0.
    Remains UNKNOWN =
        new Remains() {
          @Override
          public long memory(long address) {
            return 0;
          }

          @Override
          public long file(String name, long word) {
            return 0;
          }
        };

    /// The word at an address of the first process.
    long memory(long address);

    /// A word of the file of that name.
    long file(String name, long word);
  }

  /// The record of a round that never ends, as far as it can be seen.
  ///
  /// @param memory gives the word at an offset
  public long[] recordNow(LongUnaryOperator memory, Remains remains) {
    long[] record = new long[recordWords()];
    for (var point : points.all()) {
      record[firstTime() + 2 * point.index()] = memory.applyAsLong(begin(point));
      record[firstTime() + 2 * point.index() + 1] = memory.applyAsLong(end(point));
    }
    for (int i = 0; i < test.threads().size(); i++) {
      record[firstTid() + i] = memory.applyAsLong(Control.word(i, Control.ThreadWord.TID));
    }
    for (int i = 0; i < observables.size(); i++) {
      record[firstObserved() + i] =
          switch (observables.get(i)) {
            case Observable.Register(var thread, var name) ->
                memory.applyAsLong(register(test.thread(thread), name));
            case Observable.Signal(var thread) ->
                memory.applyAsLong(
                    Control.word(index(test.thread(thread)), Control.ThreadWord.SIGNAL));
            case Observable.Memory(var name, var word) ->
                remains.memory(memory.applyAsLong(global(name)) + word * Long.BYTES);
            case Observable.File(var name, var word) -> remains.file(name, word);
            case Observable.Bound(var name) -> memory.applyAsLong(global(name));
          };
    }
    for (int i = 0; i < traced.size(); i++) {
      record[firstTraced() + i] = memory.applyAsLong(traced.get(i));
    }
    return record;
  }

  /// Word of a record in which the identifier of the first thread is.
  public int firstTid() {
    return firstTime() + 2 * points.all().size();
  }

  /// Where threads can be made to meet.
  public Points points() {
    return points;
  }

  /// Offset of the [Plan], at the begin of a page.
  public int plan() {
    return plan;
  }

  /// Offset of the time at which a statement began, or 0 if it did not.
  int begin(Points.Point point) {
    return times.get(point);
  }

  /// Offset of the time at which it ended, or 0.
  int end(Points.Point point) {
    return times.get(point) + Long.BYTES;
  }

  /// Word of a record that tells the way in which the round began.
  public int way() {
    return 1 + globals.size();
  }

  /// Word of a record in which the first point's times are, begin and end.
  public int firstTime() {
    return way() + (points.isEmpty() ? 0 : 1);
  }

  /// Word of a record in which the first observable is.
  public int firstObserved() {
    return firstTid() + test.threads().size();
  }

  int recordBytes() {
    return recordWords() * Long.BYTES;
  }

  /// Offset of the ring.
  public int ring() {
    return ring;
  }

  /// Records that fit into the ring, a power of two.
  public int capacity() {
    return capacity;
  }

  /// Size of the shared memory in bytes.
  public int size() {
    return roundUp(ring + capacity * recordBytes(), PAGE);
  }

  private static int roundUp(int value, int to) {
    return (value + to - 1) / to * to;
  }
}
