package shootdown.kernel.migrate;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// How a page of a huge folio of shared memory migrates, where one of anonymous memory moves as one
/// ([MoveHugePage]).
///
/// ```text
/// release   |
/// ----------+--------------------------------------------------------------------
/// v4.17-rc1 | the folio is split first, and the one page stays: nothing maps it
/// v4.17-rc2 | all of the folio moves, with its entries of the page cache
/// ```
public enum MoveHugeShmem implements Decision {
  SPLIT_FIRST,
  /// e71769ae5260
  AS_ONE;

  /// The decision in time; the release is told by the date of the commit.
  public static final History<MoveHugeShmem> HISTORY =
      History.of(MoveHugeShmem.class, SPLIT_FIRST)
          .then(
              Fix.merged(
                  "e71769ae5260", "mm: enable thp migration for shmem thp", "v4.17-rc2", AS_ONE));
}
