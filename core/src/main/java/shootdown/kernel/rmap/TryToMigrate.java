package shootdown.kernel.rmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.InvalidatePmd;
import shootdown.kernel.pgtable.SplitHugePmd;
import shootdown.kernel.rmap.RmapWalk.Place;
import shootdown.kernel.swap.MigrationBits;
import shootdown.kernel.swap.UffdWpEntries;
import shootdown.machine.Pmdp;
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
  private final UffdWpEntries uffdWp;
  private final InvalidatePmd invalidate;
  private final SetPmdMigration setPmd;

  public TryToMigrate(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new RmapWalk(data);
    this.mappedHuge = new MappedHuge(data, decisions);
    this.mapped = new MappedPte(data, decisions);
    this.takeEntry = new TakeEntry(data, decisions);
    this.share = new ShareAnonRmap(data, decisions);
    this.uffdWp = decisions.get(UffdWpEntries.class);
    this.bits = decisions.get(MigrationBits.class);
    this.invalidate = new InvalidatePmd(data, decisions);
    this.setPmd = decisions.get(SetPmdMigration.class);
  }

  /// Exchanges every entry that maps the folio, or a page of it, for a migration entry; what was
  /// dirty in an entry is dirty in the folio then. Tells the batch, with what is still to be
  /// flushed. Whether the folio is mapped no more, its mapping count tells: a page that is pinned
  /// stays mapped.
  ///
  /// A folio that is split for good is anonymous, and split PMD entries come first: migration
  /// entries take their place in one go.
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
                    folio,
                    ubc,
                    (place, live) ->
                        folio.isLarge()
                            ? migrateWhole(me, folio, place, live)
                            : migrateOne(me, folio, place, live, flags)));
  }

  @Models(
      file = "mm/rmap.c",
      function = "try_to_migrate_one",
      leavesOut = "hugetlb, MMU notifiers, device memory, soft-dirty")
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

  /// As [#migrateOne] for a huge folio that moves as one.
  private TlbUbc migrateWhole(Current me, Folio huge, Place place, TlbUbc ubc) {
    return steps.call(
        "try_to_migrate_one",
        () -> {
          mappedHuge.wholeThenEach(
              huge,
              place,
              pmdp -> setPmdMigrationEntry(me, huge, place, pmdp),
              (page, there, ptep) ->
                  exchange(me, page, there, ptep, TlbUbc.NONE, TtuFlags.FLUSH_NOW));
          return ubc;
        });
  }

  @Models(
      file = "mm/huge_memory.c",
      function = "set_pmd_migration_entry",
      leavesOut = "soft-dirty, userfaultfd")
  private void setPmdMigrationEntry(Current me, Folio folio, Place place, Pmdp pmdp) {
    steps.run(
        "set_pmd_migration_entry",
        () -> {
          var seen = pmdp.get();
          var taken = invalidate.pmdpInvalidate(me, place.mm(), pmdp);
          var old = (setPmd == SetPmdMigration.READ_BEFORE ? seen : taken).pte();
          boolean exclusive =
              folio.isAnon() && folio.pageFlags().test(Folio.ANON_EXCLUSIVE);
          if (exclusive && !share.tryShareAnonRmap(folio)) {
            pmdp.set(old);
            return;
          }
          if (old.dirty()) {
            folio.flags().set(Folio.DIRTY);
          }
          pmdp.set(bits.entryFor(old, exclusive));
          data.folios().removeRmap(data.folios().entireMapcount(folio));
          data.folios().put(folio);
        });
  }

  private TlbUbc exchange(
      Current me, Folio page, Place place, Ptep ptep, TlbUbc ubc, TtuFlags flags) {
    var exchanged = steps.scope(() -> exchangeEntry(me, page, place, ptep, ubc, flags));
    if (exchanged.done()) {
      data.folios().removeRmap(page.mapcount());
      data.folios().put(page);
    }
    return exchanged.ubc();
  }

  /// @param done whether a migration entry is there now; else the entry is back
  private record Exchanged(TlbUbc ubc, boolean done) {}

  private Exchanged exchangeEntry(
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
      return new Exchanged(taken.ubc(), false);
    }
    ptep.set(uffdWp.carried(pte, bits.entryFor(pte, exclusive)));
    return new Exchanged(taken.ubc(), true);
  }
}
