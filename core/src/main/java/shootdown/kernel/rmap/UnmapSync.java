package shootdown.kernel.rmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether a split, which unmaps a huge folio from everywhere, waits for those who have taken an
/// entry away and hold its lock still: they have not counted that yet.
///
/// ```text
/// release   | an entry that is none         | the folio is mapped afterwards
/// ----------+-------------------------------+-------------------------------
/// v4.4      | is locked first               | BUG
/// v4.5-rc1  | is passed without its lock    | BUG
/// v5.13-rc7 | is locked first (TTU_SYNC)    | the split fails
/// ```
///
/// Likewise for the end of a migration, which looks for the migration entries of a huge page
/// (PVMW_SYNC): an entry that mremap() has in hand was neither at its old nor at its new place, and
/// stayed a migration entry for ever.
public enum UnmapSync implements Decision {
  /// a huge page has PMD entries alone, and each is looked at under the PMD lock
  LOCKS,
  /// e9b61f19858a
  PASSES,
  /// 732ed55823fc
  WAITS;

  /// The decision in time.
  public static final History<UnmapSync> HISTORY =
      History.of(UnmapSync.class, LOCKS)
          .then(
              Fix.merged("e9b61f19858a", "thp: reintroduce split_huge_page()", "v4.5-rc1", PASSES))
          .then(
              Fix.merged(
                  "732ed55823fc",
                  "mm/thp: try_to_unmap() use TTU_SYNC for safe splitting",
                  "v5.13-rc7",
                  WAITS));
}
