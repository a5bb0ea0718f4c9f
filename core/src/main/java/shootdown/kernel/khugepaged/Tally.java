package shootdown.kernel.khugepaged;

import shootdown.kernel.data.Folio;
import shootdown.machine.Pte;

/// What a look at the PTEs of a range has counted. The limits are those that Linux has by default,
/// as parts of a huge page: all but one page may be missing, an eighth swapped (one, where that is
/// less), half of them shared. They are khugepaged's alone.
///
/// @param none entries that are none, or map the zero page
/// @param swapped entries of pages on swap
/// @param shared pages that are mapped elsewhere, too
/// @param referenced pages that were used
/// @param writable whether any entry is writable
record Tally(int none, int swapped, int shared, int referenced, boolean writable) {
  static final Tally NOTHING = new Tally(0, 0, 0, 0, false);

  Tally withNone() {
    return new Tally(none + 1, swapped, shared, referenced, writable);
  }

  Tally withSwapped() {
    return new Tally(none, swapped + 1, shared, referenced, writable);
  }

  /// @param mapcount of the page
  Tally withMapping(long mapcount) {
    return mapcount > 1
        ? new Tally(none, swapped, shared + 1, referenced, writable)
        : this;
  }

  Tally with(Pte pte, Folio folio) {
    boolean used = pte.young() || folio.flags().test(Folio.REFERENCED);
    return new Tally(
        none, swapped, shared, referenced + (used ? 1 : 0), writable || pte.writable());
  }

  /// Whether it is within the limits so far.
  ///
  /// @param pages how many a huge page has
  ScanResult limits(Initiator by, int pages) {
    if (by == Initiator.MADVISE) {
      return ScanResult.SUCCEED;
    }
    if (swapped > Math.max(1, pages / 8)) {
      return ScanResult.EXCEED_SWAP_PTE;
    }
    if (none > pages - 1) {
      return ScanResult.EXCEED_NONE_PTE;
    }
    return shared > pages / 2 ? ScanResult.EXCEED_SHARED_PTE : ScanResult.SUCCEED;
  }

  /// What it comes to in the end.
  ScanResult verdict(CollapsePages allowed, Initiator by, int pages) {
    if (!writable && !allowed.readOnly()) {
      return ScanResult.PAGE_RO;
    }
    boolean lacks = referenced == 0 || swapped > 0 && referenced < pages / 2;
    return by == Initiator.KHUGEPAGED && lacks
        ? ScanResult.LACK_REFERENCED_PAGE
        : ScanResult.SUCCEED;
  }
}
