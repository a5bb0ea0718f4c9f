package shootdown.check;

/// A set of fingerprints: open addressing in one array that grows by doubling, 8 bytes divided by
/// the load (0.35 to 0.7) for each.
final class VisitedSet {
  private static final int MAX_LENGTH = 1 << 30;

  private long[] slots = new long[1 << 12];
  private int size;

  /// Adds; tells whether it was new.
  ///
  /// @throws OutOfMemoryError if there is no room left
  boolean add(long fingerprint) {
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
    table[i] = key;
    if (++size > table.length * 0.7) {
      grow();
    }
    return true;
  }

  int size() {
    return size;
  }

  void clear() {
    slots = new long[1 << 12];
    size = 0;
  }

  private void grow() {
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
