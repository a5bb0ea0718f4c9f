package shootdown.kernel.rmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.SplitHugePmd;
import shootdown.kernel.rmap.RmapWalk.Place;
import shootdown.kernel.swap.MigrationBits;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;

/// Unmapping a folio from everywhere, with a migration entry in the place of each entry: for
/// migration, and for a split of the folio. The folio is locked and referenced by the caller, who
/// removes the migration entries before it unlocks it: [RemoveMigrationPtes].
public final class TryToMigrate {
  private final KernelData data;
  private final Steps steps;
  private final RmapWalk walk;
  private final MappedHuge mappedHuge;
  private final MappedPte mapped;
  private final TakeEntry takeEntry;
  private final ShareAnonRmap share;
  private final MigrationBits bits;

  public TryToMigrate(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new RmapWalk(data);
    this.mappedHuge = new MappedHuge(data, decisions);
    this.mapped = new MappedPte(data, decisions);
    this.takeEntry = new TakeEntry(data, decisions);
    this.share = new ShareAnonRmap(data, decisions);
    this.bits = decisions.get(MigrationBits.class);
  }

  /// Exchanges every entry that maps the folio, or a page of it, for a migration entry; what was
  /// dirty in an entry is dirty in the folio then. Tells the batch, with what is still to be
  /// flushed. Whether the folio is mapped no more, its mapping count tells: a page that is pinned
  /// stays mapped.
  ///
  /// A folio that is split is anonymous, and split PMD entries come first: migration entries take
  /// their place in one go.
  @Models(
      file = "mm/rmap.c",
      function = "try_to_migrate",
      leavesOut = "ending early; TTU_BATCH_FLUSH of a split")
  public TlbUbc tryToMigrate(Current me, Folio folio, TlbUbc ubc, TtuFlags flags) {
    return steps.call(
        "try_to_migrate",
        () ->
            flags == TtuFlags.SPLIT
                ? walk.foldLocked(folio, ubc, (place, _) -> migrateHuge(me, folio, place))
                : walk.fold(
                    folio, ubc, (place, live) -> migrateOne(me, folio, place, live, flags)));
  }

  @Models(
      file = "mm/rmap.c",
      function = "try_to_migrate_one",
      leavesOut = "PMD migration entries, hugetlb, MMU notifiers, device memory, soft-dirty,"
          + " userfaultfd")
  private TlbUbc migrateOne(Current me, Folio folio, Place place, TlbUbc ubc, TtuFlags flags) {
    return steps.call(
        "try_to_migrate_one",
        () ->
            mapped.withMapped(
                folio,
                place,
                UnmapSync.PASSES,
                ubc,
                ptep -> exchange(me, folio, place, ptep, ubc, flags)));
  }

  /// As [#migrateOne] for all pages of a folio that is to be split. Nothing is put off.
  private TlbUbc migrateHuge(Current me, Folio huge, Place place) {
    return steps.call(
        "try_to_migrate_one",
        () -> {
          mappedHuge.splitThenEach(
              me,
              huge,
              place,
              SplitHugePmd.Into.MIGRATION,
              (page, there, ptep) ->
                  exchange(me, page, there, ptep, TlbUbc.NONE, TtuFlags.SPLIT));
          return TlbUbc.NONE;
        });
  }

  private TlbUbc exchange(
      Current me, Folio page, Place place, Ptep ptep, TlbUbc ubc, TtuFlags flags) {
    var taken = takeEntry.take(me, place, ptep, ubc, flags);
    var pte = taken.pte();
    if (pte.dirty()) {
      page.flags().set(Folio.DIRTY);
    }
    boolean exclusive =
        page.isAnon() && page.pageFlags().test(Folio.ANON_EXCLUSIVE);
    if (exclusive && !share.tryShareAnonRmap(page)) {
      ptep.set(pte);
      return taken.ubc();
    }
    ptep.set(bits.entryFor(pte, exclusive));
    data.folios().removeRmap(page.mapcount());
    data.folios().put(page);
    return taken.ubc();
  }
}
