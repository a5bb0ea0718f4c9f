package shootdown.kernel.migrate;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How a page of a huge anonymous folio migrates.
///
/// ```text
/// release   |
/// ----------+-----------------------------------------------------------
/// v4.13     | the folio is split first, and the one page moves
/// v4.14-rc1 | all of the folio moves: a PMD entry may be a migration entry
/// ```
public enum MoveHugePage implements Decision {
  SPLIT_FIRST,
  /// 616b8371539a
  AS_ONE;

  /// The decision in time.
  public static final History<MoveHugePage> HISTORY =
      History.of(MoveHugePage.class, SPLIT_FIRST)
          .then(
              Fix.merged(
                  "616b8371539a",
                  "mm: thp: enable thp migration in generic path",
                  "v4.14-rc1",
                  AS_ONE));
}
