package shootdown.check;

import java.util.Arrays;

/// The fingerprints of the states on a path, to ask whether a state is on it. What was pushed last
/// is popped first, so a slot can simply be emptied: whatever was put behind it is gone already.
final class PathSet {
  private long[] slots = new long[1 << 12];
  private int[] slotOf = new int[1 << 10];
  private int size;

  void push(long fingerprint) {
    if (size == slotOf.length) {
      grow();
    }
    slotOf[size++] = put(key(fingerprint));
  }

  void pop() {
    slots[slotOf[--size]] = 0;
  }

  boolean contains(long fingerprint) {
    long key = key(fingerprint);
    int mask = slots.length - 1;
    int i = (int) key & mask;
    while (slots[i] != 0) {
      if (slots[i] == key) {
        return true;
      }
      i = (i + 1) & mask;
    }
    return false;
  }

  void clear() {
    Arrays.fill(slots, 0);
    size = 0;
  }

  private int put(long key) {
    int mask = slots.length - 1;
    int i = (int) key & mask;
    while (slots[i] != 0) {
      i = (i + 1) & mask;
    }
    slots[i] = key;
    return i;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[2 * old.length];
    for (int i = 0; i < size; i++) {
      slotOf[i] = put(old[slotOf[i]]);
    }
    slotOf = Arrays.copyOf(slotOf, 2 * size);
  }

  private static long key(long fingerprint) {
    return fingerprint == 0 ? 1 : fingerprint;
  }
}
