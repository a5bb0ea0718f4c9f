package shootdown.kernel.rmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Which page the end of a migration maps at a place of a KSM page.
///
/// ```text
/// release   | the page
/// ----------+---------------------------------------------------------------------------
/// v4.10     | itself
/// v4.11-rc1 | as far behind it as the place is behind the page's first place in the file or
///           | the mapping: right for a page of a huge page, and any page for one of KSM
/// v4.11-rc5 | itself
/// ```
public enum KsmMigrationPte implements Decision {
  ITSELF,
  /// 3fe87967c536
  BY_INDEX;

  /// The decision in time.
  public static final History<KsmMigrationPte> HISTORY =
      History.of(KsmMigrationPte.class, ITSELF)
          .then(
              Fix.merged(
                  "3fe87967c536",
                  "mm: convert remove_migration_pte() to use page_vma_mapped_walk()",
                  "v4.11-rc1",
                  BY_INDEX))
          .then(
              Fix.merged(
                  "4b0ece6fa016",
                  "mm: migrate: fix remove_migration_pte() for ksm pages",
                  "v4.11-rc5",
                  ITSELF));
}
