package shootdown.kernel.futex;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.FutexGround;
import shootdown.machine.Layout;

/// What a futex is known by: `union futex_key`.
///
/// ```text
///  47 … 44  43 … 36  35 … 24  23 … 12   11 … 0
///  (zero)   kind     object   page      offset
/// ```
///
/// @param kind what the object is
/// @param object number of the address space, or of the file
/// @param page page of the address space, or of the file
/// @param offset byte in the page
record FutexKey(Kind kind, int object, int page, int offset) implements KeyLookup {
  /// Bits of a packed key.
  static final int BITS = 48;

  /// What the object is. Keys of different kinds are never equal: a wake with FUTEX_PRIVATE_FLAG
  /// finds no waiter that waits without it.
  enum Kind {
    /// an address space; FUTEX_PRIVATE_FLAG
    PRIVATE,
    /// an address space: private memory, found by a process-shared operation (FUT_OFF_MMSHARED)
    MM_SHARED,
    /// a file (FUT_OFF_INODE)
    INODE
  }

  static FutexKey unpack(long packed) {
    return new FutexKey(
        Kind.values()[(int) (packed >>> 36 & 0xff)],
        (int) (packed >>> 24 & 0xfff),
        (int) (packed >>> 12 & 0xfff),
        (int) (packed & 0xfff));
  }

  long pack() {
    return (long) kind.ordinal() << 36 | (long) object << 24 | (long) page << 12 | offset;
  }

  /// The key as a number that is never 0.
  long groundKey() {
    return pack() | 1L << BITS;
  }

  /// The futex, for who must know of it.
  FutexGround.At at(Current me, long uaddr) {
    return new FutexGround.At(
        groundKey(),
        me.mm(),
        (int) (uaddr / Layout.PAGE_SIZE),
        (int) (uaddr % Layout.PAGE_SIZE / Layout.WORD_SIZE));
  }

  /// `futex_hash()`: words that lie next to each other fall into different buckets.
  int bucket(int buckets) {
    return (page + offset / 4 + offset / 8) % buckets;
  }
}
