package shootdown.kernel.rmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// What the split of a folio does where it comes to a PMD entry that is a migration entry: of
/// another folio, as its own is locked.
///
/// ```text
/// release   | it
/// ----------+---------------------------------------------------------
/// v6.15-rc5 | takes the entry for that of a folio, to compare it: an oops
/// v6.15-rc6 | goes on
/// ```
public enum SplitMigratingOther implements Decision {
  DEREFERENCES,
  /// be6e843fc51a
  PASSES;

  /// The decision in time.
  public static final History<SplitMigratingOther> HISTORY =
      History.of(SplitMigratingOther.class, DEREFERENCES)
          .then(
              Fix.merged(
                  "be6e843fc51a",
                  "mm/huge_memory: fix dereferencing invalid pmd migration entry",
                  "v6.15-rc6",
                  PASSES));
}
