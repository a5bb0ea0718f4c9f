package shootdown.kernel.rmap;

import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.kernel.rmap.RmapWalk.Place;

/// Which page of a folio that has moved takes the place of a migration entry, if it is a KSM page.
/// Such a page has one index, and is mapped at places of others.
///
/// | release | |
/// |---|---|
/// | v4.10 | that page |
/// | v4.11-rc1 | the page as far behind it as the place's index is behind its own: 3fe87967c536 |
/// | v4.11-rc5 | that page: 4b0ece6fa016 |
public enum KsmMigrationPte implements Decision {
  THE_PAGE,
  BY_INDEX;

  /// The decision in time.
  public static final History<KsmMigrationPte> HISTORY =
      History.of(KsmMigrationPte.class, THE_PAGE)
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
                  THE_PAGE));

  Folio page(KernelData data, Folio folio, Place place) {
    return this == THE_PAGE || !folio.isKsm()
        ? folio
        : data.folios().folio(folio.pfn() + place.firstOf(folio));
  }
}
