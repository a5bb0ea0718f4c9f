package shootdown.check;

/// Numbers 0, 1, … for fingerprints, in the order in which they are first asked for.
final class StateIndex {
  private long[] keys;
  private int[] numbers;
  private int size;

  StateIndex() {
    this(0);
  }

  /// One that has room for so many before it grows.
  StateIndex(int room) {
    int length = Math.max(1 << 12, Integer.highestOneBit(Math.min(room, 1 << 28)) << 2);
    keys = new long[length];
    numbers = new int[length];
  }

  int of(long fingerprint) {
    long key = fingerprint == 0 ? 1 : fingerprint;
    int mask = keys.length - 1;
    int i = (int) key & mask;
    while (keys[i] != 0) {
      if (keys[i] == key) {
        return numbers[i];
      }
      i = (i + 1) & mask;
    }
    keys[i] = key;
    numbers[i] = size++;
    if (2 * size > keys.length) {
      grow();
    }
    return size - 1;
  }

  int size() {
    return size;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldNumbers = numbers;
    keys = new long[2 * oldKeys.length];
    numbers = new int[2 * oldKeys.length];
    int mask = keys.length - 1;
    for (int j = 0; j < oldKeys.length; j++) {
      if (oldKeys[j] != 0) {
        int i = (int) oldKeys[j] & mask;
        while (keys[i] != 0) {
          i = (i + 1) & mask;
        }
        keys[i] = oldKeys[j];
        numbers[i] = oldNumbers[j];
      }
    }
  }
}
