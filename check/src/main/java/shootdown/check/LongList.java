package shootdown.check;

import java.util.Arrays;

/// A growing array of longs.
final class LongList {
  private long[] elements = new long[16];
  private int size;

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
