package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What the split of a PMD entry does with a migration entry of shared memory.
///
/// ```text
/// release   | it
/// ----------+-------------------------------------------------------------------
/// v5.13-rc6 | takes it for an entry that maps the folio: a VM_BUG_ON(), or an oops
/// v5.13-rc7 | takes it away, as it does with an entry that maps the folio
/// ```
public enum SplitMigrationShmem implements Decision {
  AS_MAPPED,
  /// 99fa8a48203d
  CLEARED;

  /// The decision in time.
  public static final History<SplitMigrationShmem> HISTORY =
      History.of(SplitMigrationShmem.class, AS_MAPPED)
          .then(
              Fix.merged(
                  "99fa8a48203d",
                  "mm/thp: fix __split_huge_pmd_locked() on shmem migration entry",
                  "v5.13-rc7",
                  CLEARED));
}
