package shootdown.kernel.data;

/// A virtual memory area, as a value: `struct vm_area_struct` packed into one word.
///
/// ```text
///  63, 62  61, 60       59 … 54   53 … 42  41 … 30  29 … 18  17 … 0
///  (zero)  flags: uffd  file + 1  pgoff    end      start    flags
/// ```
///
/// @param start first page
/// @param end page after the last
/// @param pgoff the page of the file that `start` maps; for private anonymous memory the page where
///     it was first mapped
/// @param file number of the file, [#ANONYMOUS] for none
/// @param flags VM_* bits
public record Vma(int start, int end, int pgoff, int file, long flags) {
  public static final int ANONYMOUS = -1;

  public static final long VM_READ = 1;
  public static final long VM_WRITE = 1 << 1;
  public static final long VM_SHARED = 1 << 3;
  public static final long VM_MAYWRITE = 1 << 5;
  /// an anonymous page may be in it: it has an anon_vma
  public static final long VM_ANON_VMA = 1 << 6;
  public static final long VM_LOCKED = 1 << 7;
  /// MADV_HUGEPAGE: faults make huge pages
  public static final long VM_HUGEPAGE = 1 << 8;
  /// MADV_NOHUGEPAGE
  public static final long VM_NOHUGEPAGE = 1 << 9;
  /// fork() leaves it out
  public static final long VM_DONTCOPY = 1 << 10;
  /// MADV_SEQUENTIAL
  public static final long VM_SEQ_READ = 1 << 11;
  /// MADV_RANDOM
  public static final long VM_RAND_READ = 1 << 12;
  /// MADV_MERGEABLE: ksmd may merge its pages
  public static final long VM_MERGEABLE = 1 << 13;
  /// MADV_WIPEONFORK: a child finds zeroes
  public static final long VM_WIPEONFORK = 1 << 14;
  private static final int ROOT_SHIFT = 15;

  /// the number of its anon_vma's root: two bits
  private static final long ANON_VMA_ROOT = (AnonVmas.MOST - 1L) << ROOT_SHIFT;

  /// all that says which anon_vma it has
  public static final long ANON_VMA = VM_ANON_VMA | ANON_VMA_ROOT;

  /// address space that is kept free of automatic placement; not a mapping
  public static final long RESERVED = 1 << 17;

  /// a userfaultfd watches for pages that are missing
  public static final long VM_UFFD_MISSING = 1L << 60;
  /// a userfaultfd may write-protect pages
  public static final long VM_UFFD_WP = 1L << 61;

  /// `__VM_UFFD_FLAGS`
  public static final long VM_UFFD = VM_UFFD_MISSING | VM_UFFD_WP;

  private static final long FIELD = 0xfff;
  private static final int FLAG_BITS = 18;

  static Vma unpack(long word) {
    return new Vma(
        (int) (word >>> 18 & FIELD),
        (int) (word >>> 30 & FIELD),
        (int) (word >>> 42 & FIELD),
        (int) (word >>> 54 & 0x3f) - 1,
        word & ((1L << FLAG_BITS) - 1 | VM_UFFD));
  }

  long pack() {
    return flags
        | (long) start << 18
        | (long) end << 30
        | (long) pgoff << 42
        | (long) (file + 1) << 54;
  }

  public int pages() {
    return end - start;
  }

  public boolean contains(int vpn) {
    return vpn >= start && vpn < end;
  }

  public boolean overlaps(int from, int to) {
    return start < to && from < end;
  }

  public boolean has(long mask) {
    return (flags & mask) != 0;
  }

  public boolean shared() {
    return has(VM_SHARED);
  }

  public boolean writable() {
    return has(VM_WRITE);
  }

  /// `userfaultfd_armed()`: whether a userfaultfd has to do with it.
  public boolean userfaultfdArmed() {
    return has(VM_UFFD);
  }

  public boolean anonymous() {
    return file == ANONYMOUS;
  }

  /// `linear_page_index()`: the file page, or anonymous index, that `vpn` maps.
  public int pageIndex(int vpn) {
    return pgoff + vpn - start;
  }

  /// `vma_address()`: where index `index` is mapped; the caller checks that [#maps] it.
  public int address(int index) {
    return start + index - pgoff;
  }

  /// Whether page `index` of the file lies in this VMA.
  public boolean maps(int index) {
    return index >= pgoff && index < pgoff + pages();
  }

  /// Whether `next` begins where this one ends, in the file too, with the same flags.
  public boolean continuesIn(Vma next) {
    return continuesIn(next, 0);
  }

  /// As [#continuesIn], whatever flags of `but` the two have.
  public boolean continuesIn(Vma next, long but) {
    return next.start == end
        && next.file == file
        && ((next.flags ^ flags) & ~but) == 0
        && next.pgoff == pageIndex(end);
  }

  /// The root of its anon_vma, for [AnonVmas]; 0 also if it has none.
  public int anonVma() {
    return (int) ((flags & ANON_VMA_ROOT) >>> ROOT_SHIFT);
  }

  /// With an anon_vma of this root.
  public Vma withAnonVma(int root) {
    return withFlags(flags & ~ANON_VMA | VM_ANON_VMA | (long) root << ROOT_SHIFT);
  }

  public Vma withRange(int newStart, int newEnd) {
    return new Vma(newStart, newEnd, pgoff + newStart - start, file, flags);
  }

  public Vma withFlags(long newFlags) {
    return new Vma(start, end, pgoff, file, newFlags);
  }
}
