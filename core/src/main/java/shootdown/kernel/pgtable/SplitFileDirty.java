package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether the folio of a file gets the dirty bit of a huge PMD entry that is split. The entry
/// goes, so nothing else knows then that the folio differs from what is on swap.
///
/// ```text
/// release   | a store through an entry that a load made
/// ----------+-------------------------------------------
/// v4.18-rc4 | is lost when the clean folio is reclaimed
/// v4.18-rc5 | the folio is dirty
/// ```
public enum SplitFileDirty implements Decision {
  LOST,
  /// e1f1b1572e8d
  PASSED;

  /// The decision in time.
  public static final History<SplitFileDirty> HISTORY =
      History.of(SplitFileDirty.class, LOST)
          .then(
              Fix.merged(
                  "e1f1b1572e8d",
                  "thp: fix data loss when splitting a file pmd",
                  "v4.18-rc5",
                  PASSED));

  boolean passes() {
    return this == PASSED;
  }
}
