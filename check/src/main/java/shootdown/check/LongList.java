package shootdown.check;

import java.util.Arrays;

/// A growing array of longs.
final class LongList {
  private long[] elements;
  private int size;

  LongList() {
    this(16);
  }

  /// One that has room for so many before it grows.
  LongList(int room) {
    elements = new long[Math.max(1, room)];
  }

  void add(long element) {
    if (size == elements.length) {
      elements = Arrays.copyOf(elements, 2 * size);
    }
    elements[size++] = element;
  }

  long get(int i) {
    return elements[i];
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }
}
