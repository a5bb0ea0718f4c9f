package shootdown.check;

import java.util.Arrays;

/// A heap of longs, the least first.
final class LongHeap {
  private long[] heap = new long[1024];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void add(long element) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    int i = size++;
    while (i > 0 && heap[(i - 1) / 2] > element) {
      heap[i] = heap[(i - 1) / 2];
      i = (i - 1) / 2;
    }
    heap[i] = element;
  }

  long removeLeast() {
    long least = heap[0];
    long moved = heap[--size];
    int i = 0;
    while (2 * i + 1 < size) {
      int child = 2 * i + 1;
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= moved) {
        break;
      }
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = moved;
    return least;
  }
}
