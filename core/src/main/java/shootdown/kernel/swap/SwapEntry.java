package shootdown.kernel.swap;

import shootdown.machine.Pte;

/// Page-table entries of pages that are on swap: `swp_entry_t` in a PTE.
///
/// ```text
///  63 … 16   13        8           7      4             3
///  slot      uffd-wp   exclusive   swap   not-present   set, or the entry is a bad one
/// ```
///
/// Bit 3 is the young bit of an entry that is present. Here it belongs to what the entry says, as
/// on arm64, where the offset has PTE_AF (arch/arm64/include/asm/pgtable.h): who clears the young
/// bit of an entry that is none of his any more spoils it.
public final class SwapEntry {
  private static final long SWAP = 1 << 7 | Pte.YOUNG;
  private static final long EXCLUSIVE = 1 << 8;

  private SwapEntry() {}

  /// `swp_entry_to_pte()`.
  public static Pte of(int slot) {
    return new Pte((long) slot << Pte.PFN_SHIFT | SWAP | Pte.NOT_PRESENT);
  }

  /// Whether the entry names a swap slot; others that map no page do not.
  public static boolean isSwap(Pte pte) {
    return !pte.present() && (pte.bits() & SWAP) == SWAP;
  }

  /// The slot of an entry that [#isSwap].
  public static int slot(Pte pte) {
    return pte.pfn();
  }

  /// `pte_swp_exclusive()`: the page was this address space's alone when it was swapped out.
  public static boolean isExclusive(Pte pte) {
    return pte.has(EXCLUSIVE);
  }

  /// `pte_swp_mkexclusive()`.
  public static Pte mkExclusive(Pte pte) {
    return pte.with(EXCLUSIVE);
  }

  /// `pte_swp_clear_exclusive()`.
  public static Pte clearExclusive(Pte pte) {
    return pte.without(EXCLUSIVE);
  }
}
