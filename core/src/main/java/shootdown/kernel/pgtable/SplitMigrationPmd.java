package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.machine.Pte;

/// What the split of a PMD entry counts that is a migration entry. Such an entry counts for
/// nothing, and nor do the PTEs that take its place.
///
/// ```text
/// release   | it counts                                                | its rights are
/// ----------+----------------------------------------------------------+-----------------
/// v4.20     | each page as mapped, and the huge page as mapped once    | to write: the bit
///           | less                                                     | of present entries
/// v5.0-rc1  | likewise                                                 | its own
/// v5.9-rc6  | references: the folio is never freed                     | likewise
/// v5.18-rc1 | nothing                                                  | likewise
/// ```
///
/// What is the writable bit in a present entry of x86 is the soft-dirty bit in one that is not
/// (eee4818baac0, "mm: x86: move _PAGE_SWP_SOFT_DIRTY from bit 7 to bit 1"). Every huge page is
/// soft-dirty from its first fault on, until clear_refs: here always.
public enum SplitMigrationPmd implements Decision {
  AS_MAPPED_AND_WRITABLE,
  /// 2e83ee1d8694
  AS_MAPPED,
  /// ec0abae6dcdf
  REFERENCES,
  /// 9d84604b845c
  NOTHING;

  /// The decision in time.
  public static final History<SplitMigrationPmd> HISTORY =
      History.of(SplitMigrationPmd.class, AS_MAPPED_AND_WRITABLE)
          .then(
              Fix.merged(
                  "2e83ee1d8694",
                  "mm: thp: fix flags for pmd migration when split",
                  "v5.0-rc1",
                  AS_MAPPED))
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
    return this == AS_MAPPED || this == AS_MAPPED_AND_WRITABLE;
  }

  /// The migration entry of one page.
  Pte entry(Pte old) {
    return this == AS_MAPPED_AND_WRITABLE
        ? MigrationEntry.as(MigrationEntry.Kind.WRITE, old)
        : old;
  }
}
