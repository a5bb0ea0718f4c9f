package shootdown.kernel.rmap;

/// Unmapped, and not flushed yet: `struct tlbflush_unmap_batch` of a task. A value: code that
/// unmaps hands it on, and flushes it before a page is written or freed.
///
/// @param spaces bit mask of the address spaces to flush
/// @param writable an entry was dirty: a CPU may still write through it
public record TlbUbc(long spaces, boolean writable) {
  public static final TlbUbc NONE = new TlbUbc(0, false);

  TlbUbc with(int mm, boolean dirty) {
    return new TlbUbc(spaces | 1L << mm, writable || dirty);
  }
}
