package shootdown.kernel.mmap;

import shootdown.machine.Layout;

/// Pages `from` … `to`-1 of an address space, and the arithmetic of arguments in bytes.
///
/// @param from first page
/// @param to page after the last
record Pages(int from, int to) {
  /// `offset_in_page(address) == 0`.
  static boolean isAligned(long address) {
    return address % Layout.PAGE_SIZE == 0;
  }

  /// `PAGE_ALIGN(length)`, in pages; -1 where that overflows, or is more than any address space.
  static int count(long length) {
    if (length < 0 || length > (long) Integer.MAX_VALUE * Layout.PAGE_SIZE) {
      return -1;
    }
    return (int) ((length + Layout.PAGE_SIZE - 1) / Layout.PAGE_SIZE);
  }

  /// Whether `count` pages from byte address `address` on lie in user space.
  static boolean fit(Layout layout, long address, int count) {
    return address >= 0
        && count >= 0
        && address / Layout.PAGE_SIZE + count <= layout.pages();
  }

  /// `count` pages from an aligned address on, which [#fit].
  static Pages at(long address, int count) {
    int from = (int) (address / Layout.PAGE_SIZE);
    return new Pages(from, from + count);
  }

  int count() {
    return to - from;
  }

  boolean isEmpty() {
    return from >= to;
  }

  boolean overlaps(Pages other) {
    return from < other.to && other.from < to;
  }

  static long address(int vpn) {
    return (long) vpn * Layout.PAGE_SIZE;
  }
}
