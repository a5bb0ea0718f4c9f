package shootdown.machine;

/// A page-table entry, as a value. Kinds: none; present; or not present but not none, which is the
/// kernel's business (a swap entry, a migration entry, …: any value with [#NOT_PRESENT] set).
///
/// ```text
///  63 … 16   15 … 6   5     4            3      2      1         0
///  pfn or    soft-    huge  not-present  young  dirty  writable  present
///  payload   ware           (kernel's)
/// ```
///
/// @param bits the word
public record Pte(long bits) {
  public static final long PRESENT = 1;
  public static final long WRITABLE = 1 << 1;
  public static final long DIRTY = 1 << 2;
  public static final long YOUNG = 1 << 3;
  public static final long NOT_PRESENT = 1 << 4;
  public static final long HUGE = 1 << 5;
  /// software's, of an entry that is not present: it stands for a page that is on the way to
  /// another frame. [Pmd] has to tell such entries from those of huge pages that nobody may access.
  public static final long MIGRATION = 1 << 9;
  /// software's, of every kind of entry but none: userfaultfd has write-protected the page.
  public static final long UFFD_WP = 1 << 13;
  public static final int PFN_SHIFT = 16;
  public static final Pte NONE = new Pte(0);

  /// A present entry for frame `pfn` with the given bits.
  public static Pte of(int pfn, long bits) {
    return new Pte((long) pfn << PFN_SHIFT | PRESENT | bits);
  }

  public boolean none() {
    return bits == 0;
  }

  public boolean present() {
    return (bits & PRESENT) != 0;
  }

  public boolean writable() {
    return (bits & WRITABLE) != 0;
  }

  public boolean dirty() {
    return (bits & DIRTY) != 0;
  }

  public boolean young() {
    return (bits & YOUNG) != 0;
  }

  public boolean huge() {
    return (bits & HUGE) != 0;
  }

  /// The frame number of a present entry, the payload of another.
  public int pfn() {
    return (int) (bits >>> PFN_SHIFT);
  }

  public boolean has(long mask) {
    return (bits & mask) != 0;
  }

  public Pte with(long mask) {
    return new Pte(bits | mask);
  }

  public Pte without(long mask) {
    return new Pte(bits & ~mask);
  }

  /// The same bits, for another frame.
  public Pte withPfn(int pfn) {
    return new Pte(bits & (1L << PFN_SHIFT) - 1 | (long) pfn << PFN_SHIFT);
  }

  /// As commit messages write it: `(F1 W D Y)`, lower case for a bit that is clear.
  @Override
  public String toString() {
    if (none()) {
      return "none";
    }
    if (!present()) {
      return "(not present " + Long.toHexString(bits >>> PFN_SHIFT) + ")";
    }
    return "(F" + pfn() + (writable() ? " W" : " w") + (dirty() ? " D" : " d")
        + (young() ? " Y" : " y") + (has(UFFD_WP) ? " uffd-wp)" : ")");
  }
}
