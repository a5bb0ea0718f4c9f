package shootdown.host.run;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import shootdown.host.worker.RoundTrace;
import shootdown.host.worker.Slots;
import shootdown.host.worker.WorkerAddresses;
import shootdown.litmus.Call;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Observable;
import shootdown.litmus.Statement;
import shootdown.litmus.Target;
import shootdown.model.Outcome;

/// Counts outcomes. Addresses of the initial state are told as the model tells them, in which
/// address space begins at 0.
public final class Outcomes {
  private static final long FUTEX_TID_MASK = 0x3fff_ffff;
  private static final int MOST_TRACES = 1000;

  private final LitmusTest test;
  private final Slots slots;
  private final Map<Key, Count> counts = new HashMap<>();
  private final Map<String, Count> others = new HashMap<>();
  private final BitSet mayHoldTid = new BitSet();

  /// Values of a record that tell outcomes apart.
  private record Key(long[] values) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key(long[] its) && Arrays.equals(values, its);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }

  /// How often an outcome was seen.
  private static final class Count {
    private final String text;
    private final long[] firstRecord;
    private long seen;

    Count(String text, long[] firstRecord) {
      this.text = text;
      this.firstRecord = firstRecord;
    }
  }

  public Outcomes(LitmusTest test, Slots slots) {
    this.test = test;
    this.slots = slots;
    for (int i = 0; i < slots.observables().size(); i++) {
      mayHoldTid.set(i, mayHoldTid(slots.observables().get(i)));
    }
  }

  /// What system calls return is none; it may be the same number by chance.
  private boolean mayHoldTid(Observable observable) {
    return switch (observable) {
      case Observable.Register(var thread, var name) ->
          !isResult(test.thread(thread).body(), name);
      case Observable.Memory _, Observable.File _ -> true;
      case Observable.Signal _, Observable.Bound _ -> false;
    };
  }

  private static boolean isResult(Statement statement, String register) {
    return switch (statement) {
      case Statement.Assign(var target, var source, _) ->
          source instanceof Call
              && target instanceof Target.Register(var name, _)
              && name.equals(register);
      case Statement.If(_, var then, var otherwise, _) ->
          isResult(then, register) || isResult(otherwise, register);
      case Statement.While(_, var body, _) -> isResult(body, register);
      case Statement.Block(var inner, _) ->
          inner.stream().anyMatch(s -> isResult(s, register));
    };
  }

  /// @param record of a round, all of its words
  /// @return the outcome as text
  public String add(long[] record) {
    var count =
        counts.computeIfAbsent(
            new Key(values(record)), key -> new Count(text(key.values()), record));
    count.seen++;
    return count.text;
  }

  /// An outcome in which threads sleep for ever, or do something else without end.
  ///
  /// @param record as [Slots#recordNow] gives it
  public void addStuck(long[] record, String what) {
    var text = (text(values(record)) + " " + what).strip();
    others.computeIfAbsent(text, _ -> new Count(text, record)).seen++;
  }

  private long[] values(long[] record) {
    int first = slots.firstObserved();
    long[] values = Arrays.copyOfRange(record, first, first + slots.observables().size());
    translate(values, Arrays.copyOfRange(record, slots.firstTid(), first));
    return values;
  }

  /// A PI futex, four bytes, holds an identifier and two bits above it.
  private void translate(long[] values, long[] tids) {
    for (int i = 0; i < values.length; i++) {
      long modelled = WorkerAddresses.modelled(values[i]);
      values[i] =
          modelled != values[i] || !mayHoldTid.get(i)
              ? modelled
              : withTestsTid(values[i] >>> Integer.SIZE, tids) << Integer.SIZE
                  | withTestsTid(values[i] & 0xffff_ffffL, tids);
    }
  }

  private long withTestsTid(long value, long[] tids) {
    for (int i = 0; i < tids.length; i++) {
      if (tids[i] != 0 && tids[i] == (value & FUTEX_TID_MASK)) {
        return value & ~FUTEX_TID_MASK | test.threads().get(i).number() + 1;
      }
    }
    return value;
  }

  /// How often each outcome was seen.
  public SortedMap<String, Long> byText() {
    var all = new TreeMap<String, Long>();
    all().forEach(count -> all.merge(count.text, count.seen, Long::sum));
    return all;
  }

  /// One round of each outcome, told by lines.
  public Map<String, List<String>> traces() {
    var traces = new HashMap<String, List<String>>();
    all().limit(MOST_TRACES).forEach(
        count ->
            traces.computeIfAbsent(
                count.text, _ -> RoundTrace.of(test, slots, count.firstRecord)));
    return traces;
  }

  private Stream<Count> all() {
    return Stream.concat(counts.values().stream(), others.values().stream());
  }

  private String text(long[] values) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> show(slots.observables().get(i), values[i]))
        .collect(Collectors.joining(" "));
  }

  private static String show(Observable observable, long value) {
    return Outcome.show(observable, value);
  }
}
