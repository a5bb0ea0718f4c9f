package shootdown.check;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantLock;

/// A set of fingerprints that several threads add to without locks: open addressing in many tables,
/// chosen by the upper bits. Each thread is told about each fingerprint whether it was first.
///
/// A slot is written once, from empty to a key, so whoever looks for a key and loses a race for a
/// slot sees the winner's key there. A table that is full enough is copied to one of twice its
/// length by whoever noticed, under a lock: the empty slots of the old table are sealed on the way,
/// so that what is added there comes before the copy or not at all. Whoever meets a seal waits for
/// the new table; all others go on. Memory for the new table comes first, while nothing is sealed:
/// to get it takes several times as long as to copy, and others add to the old table meanwhile,
/// which has room.
final class SharedVisitedSet implements Visited {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle TABLE = MethodHandles.arrayElementVarHandle(long[][].class);
  private static final int PART_BITS = 4;
  private static final int PARTS = 1 << PART_BITS;
  private static final int MIN_LENGTH = 1 << 7;
  private static final int MAX_LENGTH = 1 << 30;

  private static final long EMPTY = 0;
  private static final long SEAL = -1;

  /// Tables are counted by one key in so many, which its bits tell; each count has a cache line of
  /// its own.
  private static final int SAMPLE = 16;
  private static final int SAMPLE_SHIFT = 40;
  private static final int LINE = 16;
  private static final double MAX_LOAD = 0.7;

  /// A table with a longer run of keys than this, or than an eighth of its length, grows whatever
  /// its count says, which tells little of a small one.
  private static final int MAX_PROBES = 400;

  private static final int PROBED_PART = 8;

  /// Growing replaces one of them.
  private final long[][] tables = new long[PARTS][MIN_LENGTH];

  private final AtomicIntegerArray samples = new AtomicIntegerArray(PARTS * LINE);
  private final ReentrantLock[] growing = new ReentrantLock[PARTS];

  SharedVisitedSet() {
    Arrays.setAll(growing, _ -> new ReentrantLock());
  }

  @Override
  public boolean add(long fingerprint) {
    long key = key(fingerprint);
    int part = part(key);
    long[] table = table(part);
    int mask = table.length - 1;
    int i = (int) key & mask;
    int probes = 0;
    while (true) {
      long there = (long) SLOT.getOpaque(table, i);
      if (there == key) {
        return false;
      }
      if (there == EMPTY) {
        there = (long) SLOT.compareAndExchange(table, i, EMPTY, key);
        if (there == EMPTY) {
          count(part, key, table);
          return true;
        }
        if (there == key) {
          return false;
        }
      }
      if (there == SEAL || ++probes > Math.min(MAX_PROBES, table.length / PROBED_PART)) {
        table = grown(part, table);
        mask = table.length - 1;
        i = (int) key & mask;
        probes = 0;
      } else {
        i = (i + 1) & mask;
      }
    }
  }

  private static long key(long fingerprint) {
    return fingerprint == EMPTY || fingerprint == SEAL ? 1 : fingerprint;
  }

  private static int part(long key) {
    return (int) (key >>> Long.SIZE - PART_BITS);
  }

  private void count(int part, long key, long[] table) {
    if ((key >>> SAMPLE_SHIFT & SAMPLE - 1) == 0) {
      int sampled = samples.incrementAndGet(part * LINE);
      boolean full = (double) sampled * SAMPLE > table.length * MAX_LOAD;
      if (full && growing[part].tryLock()) {
        growLocked(part, table);
      }
    }
  }

  private long[] table(int part) {
    return (long[]) TABLE.getAcquire(tables, part);
  }

  /// What has taken the place of a table that is full or sealed.
  private long[] grown(int part, long[] old) {
    growing[part].lock();
    return growLocked(part, old);
  }

  /// As [#grown], by who has the lock, and gives it back.
  private long[] growLocked(int part, long[] old) {
    try {
      long[] table = table(part);
      if (table == old) {
        if (old.length >= MAX_LENGTH) {
          throw new OutOfMemoryError("a table of " + old.length + " states is full");
        }
        table = new long[2 * old.length];
        move(old, table);
        TABLE.setRelease(tables, part, table);
      }
      return table;
    } finally {
      growing[part].unlock();
    }
  }

  private static void move(long[] from, long[] to) {
    for (int i = 0; i < from.length; i++) {
      long key = (long) SLOT.getAcquire(from, i);
      if (key == EMPTY) {
        key = (long) SLOT.compareAndExchange(from, i, EMPTY, SEAL);
      }
      if (key != EMPTY) {
        put(to, key);
      }
    }
  }

  /// Puts a key into a table that nobody else sees yet.
  private static void put(long[] table, long key) {
    int mask = table.length - 1;
    int i = (int) key & mask;
    while (table[i] != EMPTY) {
      i = (i + 1) & mask;
    }
    table[i] = key;
  }

  /// Writes all; nobody adds meanwhile.
  @Override
  public void write(WholeFile.Out out) {
    for (int part = 0; part < PARTS; part++) {
      long[] table = table(part);
      out.put(table.length);
      out.put(size(table));
      for (long key : table) {
        if (key != EMPTY) {
          out.put(key);
        }
      }
    }
  }

  @Override
  public void read(WholeFile.In in) throws IOException {
    for (int part = 0; part < PARTS; part++) {
      // Keys come in the order of a table of this length: in a smaller one they would make heaps.
      TABLE.setRelease(tables, part, new long[in.getInt()]);
      int keys = in.getInt();
      for (int i = 0; i < keys; i++) {
        add(in.getLong());
      }
    }
  }

  /// Exact while nobody adds.
  long size() {
    long size = 0;
    for (int part = 0; part < PARTS; part++) {
      size += size(table(part));
    }
    return size;
  }

  private static int size(long[] table) {
    int size = 0;
    for (long key : table) {
      if (key != EMPTY && key != SEAL) {
        size++;
      }
    }
    return size;
  }
}
