package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether who unmaps a huge folio that is to leave the page cache waits for others who have taken
/// its PMD entry away, and have not counted that yet.
///
/// ```text
/// release   | an entry that is none         | the folio is mapped afterwards
/// ----------+-------------------------------+-------------------------------
/// v5.13-rc6 | is passed without its lock    | BUG
/// v5.13-rc7 | is locked first               | it is not
/// ```
public enum ZapSingleFolio implements Decision {
  PASSES,
  /// 22061a1ffabd
  WAITS;

  /// The decision in time.
  public static final History<ZapSingleFolio> HISTORY =
      History.of(ZapSingleFolio.class, PASSES)
          .then(
              Fix.merged(
                  "22061a1ffabd",
                  "mm/thp: unmap_mapping_page() to fix THP truncate_cleanup_page()",
                  "v5.13-rc7",
                  WAITS));
}
