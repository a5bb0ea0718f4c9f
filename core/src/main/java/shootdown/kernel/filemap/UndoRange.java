package shootdown.kernel.filemap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What `shmem_undo_range()` does with a huge folio of which only a part is to go, and which comes
/// to the page cache after the folios at both ends of the range were split.
///
/// | release | |
/// |---|---|
/// | v5.16 | zeroes that part |
/// | v5.17 | drops all of it: b9a8a4195c7d |
/// | v6.7 | zeroes that part, and splits it: 55ac8bbe358b |
public enum UndoRange implements Decision {
  PART,
  ALL;

  /// The decision in time.
  public static final History<UndoRange> HISTORY =
      History.of(UndoRange.class, PART)
          .then(
              Fix.merged(
                  "b9a8a4195c7d",
                  "truncate,shmem: Handle truncates that split large folios",
                  "v5.17-rc1",
                  ALL))
          .then(
              Fix.merged(
                  "55ac8bbe358b",
                  "mm/shmem: fix race in shmem_undo_range w/THP",
                  "v6.7-rc1",
                  PART));
}
