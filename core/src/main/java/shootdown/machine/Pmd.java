package shootdown.machine;

/// A PMD entry, as a value: none, a page-table page, a huge page, or what the kernel keeps in the
/// place of one.
///
/// ```text
/// 0            none
/// 1 … 61       the page-table page of that number less 1
/// negative     maps a huge page: a [Pte] with [Pte#HUGE], and the sign bit; with
///              [Pte#MIGRATION] it is the kernel's
/// ```
///
/// @param bits the word
public record Pmd(long bits) {
  public static final Pmd NONE = new Pmd(0);

  private static final long LEAF = Long.MIN_VALUE;

  /// The entry for a page-table page.
  public static Pmd table(int number) {
    return new Pmd(number + 1L);
  }

  /// The entry that maps a huge page as `pte` says; none for a PTE that is none.
  public static Pmd huge(Pte pte) {
    return pte.none() ? NONE : new Pmd(pte.bits() | Pte.HUGE | LEAF);
  }

  public boolean isNone() {
    return bits == 0;
  }

  public boolean isTable() {
    return bits > 0;
  }

  /// `pmd_trans_huge()`: it maps a huge page, or did until it was made invalid.
  public boolean isHuge() {
    return isLeaf() && !isSwap();
  }

  /// `is_swap_pmd()`: the kernel's own, in the place of one that mapped a huge page.
  public boolean isSwap() {
    return isLeaf() && !pte().present() && pte().has(Pte.MIGRATION);
  }

  /// It [#isHuge] or [#isSwap].
  public boolean isLeaf() {
    return bits < 0;
  }

  /// The page-table page of an entry that [#isTable].
  public int table() {
    return (int) (bits - 1);
  }

  /// How the entry maps its huge page, `pfn` being the first of its frames; none if it maps none.
  public Pte pte() {
    return isLeaf() ? new Pte(bits & ~LEAF) : Pte.NONE;
  }

  /// How a huge page is mapped at one of its pages.
  ///
  /// @param index which
  public Pte pteAt(int index) {
    var pte = pte().without(Pte.HUGE);
    return new Pte(pte.bits() + ((long) index << Pte.PFN_SHIFT));
  }

  @Override
  public String toString() {
    return isNone() ? "none" : isTable() ? "table" + table() : pte().toString();
  }
}
