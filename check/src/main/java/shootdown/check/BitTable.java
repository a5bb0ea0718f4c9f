package shootdown.check;

import java.io.IOException;

/// A set of fingerprints in a table of fixed size, three bits for each (a Bloom filter): what was
/// never added may be taken to be there, the more often the fuller it is.
final class BitTable {
  private static final long FIRST = 0x9E3779B97F4A7C15L;
  private static final long SECOND = 0xC2B2AE3D27D4EB4FL;

  private static final int MAX_LONGS = 1 << 30;

  private final long[] bits;
  private final long mask;
  private final long salt;
  private long size;

  /// @param length in bits, a power of two
  /// @param salt another one confuses other fingerprints
  BitTable(long length, long salt) {
    bits = new long[(int) (length / Long.SIZE)];
    mask = length - 1;
    this.salt = salt * SECOND;
  }

  /// The largest length of a table that takes so many bytes at most; 64 at least.
  static long fitting(long bytes) {
    long longs = Math.clamp(bytes / Long.BYTES, 1, MAX_LONGS);
    return Long.highestOneBit(longs) * Long.SIZE;
  }

  /// Adds; tells whether it was new.
  boolean add(long fingerprint) {
    long h = (fingerprint ^ salt) * FIRST;
    h ^= h >>> 32;
    long step = (h * SECOND >>> 17) | 1;
    boolean isNew = set(h & mask);
    isNew |= set(h + step & mask);
    isNew |= set(h + 2 * step & mask);
    size += isNew ? 1 : 0;
    return isNew;
  }

  void write(WholeFile.Out out) {
    out.put(size);
    out.put(bits.length);
    for (long word : bits) {
      out.put(word);
    }
  }

  /// Becomes what was written of one of the same length.
  void read(WholeFile.In in) throws IOException {
    size = in.getLong();
    if (in.getInt() != bits.length) {
      throw new IOException("a table of another length");
    }
    for (int i = 0; i < bits.length; i++) {
      bits[i] = in.getLong();
    }
  }

  /// How many were new.
  long size() {
    return size;
  }

  /// The probability that what is new now is taken to be there.
  double confusion() {
    return Math.pow(1 - Math.exp(-3.0 * size / (mask + 1)), 3);
  }

  /// Whether one in twelve that is new is taken to be there.
  boolean isFull() {
    return size > (mask + 1) / 5;
  }

  private boolean set(long bit) {
    int i = (int) (bit >>> 6);
    long one = 1L << bit;
    boolean isNew = (bits[i] & one) == 0;
    bits[i] |= one;
    return isNew;
  }
}
