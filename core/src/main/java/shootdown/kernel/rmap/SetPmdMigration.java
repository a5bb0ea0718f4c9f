package shootdown.kernel.rmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Which dirty bit the folio gets when a PMD entry becomes a migration entry. Until the entry is
/// invalid the hardware may set it.
///
/// ```text
/// release   | the entry is read
/// ----------+--------------------------------------------------------------
/// v5.6-rc4  | before it is made invalid: a store in between leaves no trace
/// v5.6-rc5  | by the exchange that makes it invalid
/// ```
public enum SetPmdMigration implements Decision {
  READ_BEFORE,
  /// 8a8683ad9ba4
  EXCHANGED;

  /// The decision in time.
  public static final History<SetPmdMigration> HISTORY =
      History.of(SetPmdMigration.class, READ_BEFORE)
          .then(
              Fix.merged(
                  "8a8683ad9ba4",
                  "mm: fix possible PMD dirty bit lost in set_pmd_migration_entry()",
                  "v5.6-rc5",
                  EXCHANGED));
}
