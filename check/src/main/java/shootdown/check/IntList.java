package shootdown.check;

import java.util.Arrays;

/// A growing array of ints.
final class IntList {
  private int[] elements;
  private int size;

  IntList() {
    this(16);
  }

  /// One that has room for so many before it grows.
  IntList(int room) {
    elements = new int[Math.max(1, room)];
  }

  void add(int element) {
    if (size == elements.length) {
      elements = Arrays.copyOf(elements, 2 * size);
    }
    elements[size++] = element;
  }

  int get(int i) {
    return elements[i];
  }

  void set(int i, int element) {
    elements[i] = element;
  }

  int removeLast() {
    return elements[--size];
  }

  int last() {
    return elements[size - 1];
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    size = 0;
  }

  int[] toArray() {
    return Arrays.copyOf(elements, size);
  }
}
