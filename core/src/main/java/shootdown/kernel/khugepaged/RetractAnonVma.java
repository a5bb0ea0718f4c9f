package shootdown.kernel.khugepaged;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// When retract_page_tables() looks whether a private mapping has pages of its own. The first fault
/// that makes one gives the VMA an anon_vma, with mmap_lock held for reading.
///
/// ```text
/// release   | looks at vma->anon_vma
/// ----------+-----------------------------------------------------------
/// v6.2-rc6  | before it tries to get mmap_lock
/// v6.2-rc7  | and once more with it; since v6.6 with the PTL
/// ```
public enum RetractAnonVma implements Decision {
  BEFORE_LOCK,
  /// 023f47a8250c
  AGAIN;

  /// The decision in time. That v6.2-rc7 is the first release is what its announcement says.
  public static final History<RetractAnonVma> HISTORY =
      History.of(RetractAnonVma.class, BEFORE_LOCK)
          .then(
              Fix.merged(
                  "023f47a8250c", "mm/khugepaged: fix ->anon_vma race", "v6.2-rc7", AGAIN));
}
