package shootdown.kernel.rmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether the end of a migration looks at an entry before it has the page-table lock, and passes
/// by what is no swap entry. move_ptes() of mremap(), which holds page-table locks only, can carry
/// a migration entry past such looks: it is not at the new address yet, and not at the old one any
/// more.
public enum MigrationPeek implements Decision {
  PEEKS,
  /// 486cf46f3f9b
  LOCKS;

  /// The decision in time.
  public static final History<MigrationPeek> HISTORY =
      History.of(MigrationPeek.class, PEEKS)
          .then(
              Fix.merged(
                  "486cf46f3f9b",
                  "mm: fix race between mremap and removing migration entry",
                  "v3.1",
                  LOCKS));
}
