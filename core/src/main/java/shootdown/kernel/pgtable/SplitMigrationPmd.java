package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What the split of a PMD entry counts that is a migration entry. Such an entry counts for
/// nothing, and nor do the PTEs that take its place.
///
/// ```text
/// release   | it counts
/// ----------+----------------------------------------------------------
/// v5.9-rc5  | each page as mapped, and the huge page as mapped once less
/// v5.9-rc6  | references: the folio is never freed
/// v5.18-rc1 | nothing
/// ```
public enum SplitMigrationPmd implements Decision {
  AS_MAPPED,
  /// ec0abae6dcdf
  REFERENCES,
  /// 9d84604b845c
  NOTHING;

  /// The decision in time.
  public static final History<SplitMigrationPmd> HISTORY =
      History.of(SplitMigrationPmd.class, AS_MAPPED)
          .then(
              Fix.merged(
                  "ec0abae6dcdf",
                  "mm/thp: fix __split_huge_pmd_locked() for migration PMD",
                  "v5.9-rc6",
                  REFERENCES))
          .then(
              Fix.merged(
                  "9d84604b845c",
                  "mm/thp: refix __split_huge_pmd_locked() for migration PMD",
                  "v5.18-rc1",
                  NOTHING));

  boolean addsReferences() {
    return this != NOTHING;
  }

  boolean addsMappings() {
    return this == AS_MAPPED;
  }
}
