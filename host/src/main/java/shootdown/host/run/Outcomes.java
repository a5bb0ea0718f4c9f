package shootdown.host.run;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import shootdown.host.worker.Slots;
import shootdown.host.worker.WorkerAddresses;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Observable;
import shootdown.model.Outcome;

/// Counts outcomes. Addresses of the initial state are told as the model tells them, in which
/// address space begins at 0.
final class Outcomes {
  private static final long FUTEX_TID_MASK = 0x3fff_ffff;

  private final LitmusTest test;
  private final Slots slots;
  private final Map<Key, long[]> counts = new HashMap<>();
  private final TreeMap<String, Long> others = new TreeMap<>();

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

  Outcomes(LitmusTest test, Slots slots) {
    this.test = test;
    this.slots = slots;
  }

  /// @param values of the observables, as the worker saw them
  /// @param tids the kernel's identifiers of the test's threads
  void add(long[] values, long[] tids) {
    translate(values, tids);
    counts.computeIfAbsent(new Key(values), _ -> new long[1])[0]++;
  }

  /// An outcome in which threads sleep for ever.
  void addAsleep(long[] values, long[] tids, String asleep) {
    translate(values, tids);
    others.merge((text(values) + " " + asleep).strip(), 1L, Long::sum);
  }

  /// A PI futex, four bytes, holds an identifier and two bits above it.
  private void translate(long[] values, long[] tids) {
    for (int i = 0; i < values.length; i++) {
      long modelled = WorkerAddresses.modelled(values[i]);
      values[i] =
          modelled != values[i]
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

  SortedMap<String, Long> byText() {
    var all = new TreeMap<>(others);
    counts.forEach((key, count) -> all.merge(text(key.values()), count[0], Long::sum));
    return all;
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
