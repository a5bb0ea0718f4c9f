package shootdown.check;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A set of fingerprints: open addressing in one array that grows by doubling, 8 bytes divided by
/// the load (0.35 to 0.7) for each. Where it may not grow any more, what else is added goes into a
/// [BitTable] of the memory that is left.
final class VisitedSet implements Visited {
  private static final int MAX_LENGTH = 1 << 30;

  private long[] slots = new long[1 << 7];
  private final long memory;
  private int size;
  private Optional<BitTable> rest = Optional.empty();
  private boolean isFull;

  VisitedSet() {
    this(Long.MAX_VALUE);
  }

  /// @param memory bytes that it may take
  VisitedSet(long memory) {
    this.memory = memory;
  }

  @Override
  public boolean add(long fingerprint) {
    long key = fingerprint == 0 ? 1 : fingerprint;
    long[] table = slots;
    int mask = table.length - 1;
    int i = (int) key & mask;
    while (table[i] != 0) {
      if (table[i] == key) {
        return false;
      }
      i = (i + 1) & mask;
    }
    if (isFull) {
      return rest.orElseThrow().add(fingerprint);
    }
    table[i] = key;
    if (++size > table.length * 0.7) {
      grow();
    }
    return true;
  }

  int size() {
    return size + (int) Math.min(Integer.MAX_VALUE - size, rest.map(BitTable::size).orElse(0L));
  }

  /// What was given up to stay within the memory, if something was.
  Optional<String> weakness() {
    return rest.map(
        bits ->
            String.format(
                Locale.ROOT,
                "the memory for states was full after %,d; of the rest, of which %,d were met,"
                    + " a table of bits left out up to %.2g %%",
                size, bits.size(), 100 * bits.confusion()));
  }

  /// Forgets all. What was room enough is kept: what is searched again has about as many states.
  void clear() {
    if (isFull) {
      slots = new long[1 << 7];
    } else {
      Arrays.fill(slots, 0);
    }
    size = 0;
    rest = Optional.empty();
    isFull = false;
  }

  @Override
  public void write(WholeFile.Out out) {
    out.put(slots.length);
    out.put(size);
    for (long key : slots) {
      if (key != 0) {
        out.put(key);
      }
    }
    out.put(rest.isPresent());
    rest.ifPresent(bits -> bits.write(out));
  }

  @Override
  public void read(WholeFile.In in) throws IOException {
    // Keys come in the order of a table of this length: in a smaller one they would make heaps.
    slots = new long[in.getInt()];
    int keys = in.getInt();
    for (int i = 0; i < keys; i++) {
      add(in.getLong());
    }
    if (in.getBoolean()) {
      rest.orElseThrow(() -> new IOException("the memory of the set is another one")).read(in);
    }
  }

  private void grow() {
    long own = (long) Long.BYTES * slots.length;
    if (3 * own > memory) {
      isFull = true;
      rest = Optional.of(new BitTable(BitTable.fitting(memory - own), 0));
      return;
    }
    if (slots.length >= MAX_LENGTH) {
      throw new OutOfMemoryError("more than " + size + " states");
    }
    long[] old = slots;
    slots = new long[2 * old.length];
    int mask = slots.length - 1;
    for (long key : old) {
      if (key != 0) {
        int i = (int) key & mask;
        while (slots[i] != 0) {
          i = (i + 1) & mask;
        }
        slots[i] = key;
      }
    }
  }
}
