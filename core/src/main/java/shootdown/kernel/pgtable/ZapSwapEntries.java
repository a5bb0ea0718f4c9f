package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether `zap_pte_range()` leaves the entries alone that map nothing, of swap and of migration,
/// where it was told which pages are meant. The OOM reaper brought truncation among those calls, in
/// which private copies of what lies beyond the end of the file have to go, swapped out or not.
///
/// ```text
/// release   | MADV_DONTNEED, munmap | truncation | a hole, one folio
/// ----------+-----------------------+------------+--------------------------
/// v4.5      | go                    | go         | stay
/// v4.6-rc1  | go                    | stay       | stay
/// v5.18-rc1 | go                    | go         | go if the file's page is meant
/// ```
///
/// That what stays in the last column is the file's own page under migration is no mistake: its
/// folio's lock is waited for, and then it is unmapped.
public enum ZapSwapEntries implements Decision {
  LEFT,
  /// aac453635549, which is [OomReap]'s
  LEFT_BY_TRUNCATION,
  /// 5abfd71d936a
  AS_ASKED;

  /// The decision in time.
  public static final History<ZapSwapEntries> HISTORY =
      History.of(ZapSwapEntries.class, LEFT)
          .then(
              Fix.merged(
                  "5abfd71d936a",
                  "mm: don't skip swap entry even if zap_details specified",
                  "v5.18-rc1",
                  AS_ASKED));

  static ZapSwapEntries of(Decisions decisions) {
    var decided = decisions.get(ZapSwapEntries.class);
    return decided == LEFT && decisions.get(OomReap.class) != OomReap.NONE
        ? LEFT_BY_TRUNCATION
        : decided;
  }

  boolean leaves(Zap.Details details) {
    return switch (details) {
      case NONE, RECLAIM_PT -> false;
      case EVEN_COWS -> this == LEFT_BY_TRUNCATION;
      case FILE_PAGES, SINGLE_FOLIO -> this != AS_ASKED;
    };
  }
}
