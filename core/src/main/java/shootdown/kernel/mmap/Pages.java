package shootdown.kernel.mmap;

import shootdown.machine.Layout;

/// Pages `from` … `to`-1 of an address space, and the arithmetic of arguments in bytes.
///
/// @param from first page
/// @param to page after the last
record Pages(int from, int to) {
  private static final int PAGE_SHIFT = 12;

  /// `TASK_SIZE` of x86-64: where user space ends.
  private static final long TASK_SIZE = (1L << 47) - Layout.PAGE_SIZE;

  /// `offset_in_page(address) == 0`.
  static boolean isAligned(long address) {
    return address % Layout.PAGE_SIZE == 0;
  }

  /// `PAGE_ALIGN(length)` of an unsigned length, in pages: 0 where that overflows.
  static long count(long length) {
    return length + Layout.PAGE_SIZE - 1 >>> PAGE_SHIFT;
  }

  /// Whether `count` pages from byte address `address` on lie in user space. The test's part of it
  /// is smaller: [#modelled].
  static boolean fit(long address, long count) {
    return address >= 0
        && address <= TASK_SIZE
        && count <= (TASK_SIZE - address) / Layout.PAGE_SIZE;
  }

  /// Whether the last of these pages comes before the first: `end < start`.
  static boolean wraps(long address, long count) {
    return Long.compareUnsigned(address + (count << PAGE_SHIFT), address) < 0;
  }

  /// Whether the test's machine has these pages, so that something can be mapped there.
  static boolean modelled(Layout layout, long address, long count) {
    return fit(address, count) && (address >>> PAGE_SHIFT) + count <= layout.pages();
  }

  /// `count` pages from an aligned address on; what lies beyond the test's machine, where nothing
  /// is ever mapped, counts as one page.
  static Pages at(Layout layout, long address, long count) {
    long from = Math.min(address >>> PAGE_SHIFT, layout.pages());
    long last = layout.pages() + (count > 0 ? 1 : 0);
    return new Pages((int) from, (int) Math.min(from + count, last));
  }

  static long bytes(long pages) {
    return pages << PAGE_SHIFT;
  }

  int count() {
    return to - from;
  }

  /// Those of them that the test's machine has.
  Pages within(Layout layout) {
    return new Pages(from, Math.min(to, layout.pages()));
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
