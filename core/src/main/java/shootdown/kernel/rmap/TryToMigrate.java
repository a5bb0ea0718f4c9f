package shootdown.kernel.rmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.SplitHugePmd;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.rmap.RmapWalk.Place;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.kernel.swap.SwpExclusive;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;

/// Takes a huge folio out of all page tables for a while: migration entries keep its places. The
/// folio and its pieces are locked by the caller, and so is their anon_vma, for writing.
final class TryToMigrate {
  private final KernelData data;
  private final Steps steps;
  private final RmapWalk walk;
  private final MappedPmd mappedPmd;
  private final MappedPte mappedPte;
  private final SplitHugePmd split;
  private final VmPageProt prot;
  private final UnmapSync sync;
  private final SwpExclusive exclusiveMark;

  TryToMigrate(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new RmapWalk(data);
    this.mappedPmd = new MappedPmd(data);
    this.mappedPte = new MappedPte(data);
    this.split = new SplitHugePmd(data, decisions);
    this.prot = new VmPageProt(data);
    this.sync = decisions.get(UnmapSync.class);
    this.exclusiveMark = decisions.get(SwpExclusive.class);
  }

  /// Makes each entry that maps the huge folio, or a page of it, a migration entry: not where it is
  /// pinned.
  @Models(
      file = "mm/rmap.c",
      function = "try_to_migrate",
      leavesOut = "device memory; TTU_BATCH_FLUSH: each entry is flushed as it is taken")
  void tryToMigrate(Current me, Folio huge) {
    steps.run(
        "try_to_migrate",
        () ->
            walk.foldLocked(
                huge,
                true,
                (place, live) -> {
                  migrateOne(me, huge, place);
                  return live;
                }));
  }

  @Models(file = "mm/rmap.c", function = "try_to_migrate_one", leavesOut = "hugetlb, MMU notifiers")
  private void migrateOne(Current me, Folio huge, Place place) {
    steps.run(
        "try_to_migrate_one",
        () -> {
          mappedPmd.withMapped(
              huge,
              place,
              sync,
              false,
              pmdp -> {
                split.splitHugePmdLocked(
                    me, place.mm(), pmdp, SplitHugePmd.Into.MIGRATION);
                return true;
              });
          int first = place.vma().pageIndex(place.vpn()) - (int) huge.index().read();
          steps.each(
              0,
              place.pages(),
              i -> {
                var page = data.folios().page(huge, first + i);
                var there = new Place(place.mm(), place.vma(), place.vpn() + i, 1);
                mappedPte.withMapped(
                    page,
                    there,
                    sync,
                    false,
                    ptep -> {
                      take(me, page, there, ptep);
                      return true;
                    });
              });
        });
  }

  private void take(Current me, Folio page, Place place, Ptep ptep) {
    var pte = ptep.getAndClear();
    data.machine().flush().page(me.cpu(), place.mm(), place.vpn());
    if (pte.dirty()) {
      page.flags().set(Folio.DIRTY);
    }
    boolean exclusive = page.pageFlags().test(Folio.ANON_EXCLUSIVE);
    if (exclusive && exclusiveMark.remembers() && page.maybeDmaPinned()) {
      ptep.set(pte);
      return;
    }
    page.pageFlags().clear(Folio.ANON_EXCLUSIVE);
    ptep.set(MigrationEntry.of(pte, exclusive));
    page.mapcount().add(-1);
    data.folios().put(page);
  }

  /// Maps a page again wherever a migration entry keeps a place for it.
  @Models(file = "mm/migrate.c", function = "remove_migration_ptes")
  void removeMigrationPtes(Folio page) {
    steps.run(
        "remove_migration_ptes",
        () ->
            walk.foldLockedPage(
                page,
                true,
                (place, live) -> {
                  steps.run("remove_migration_pte", () -> removeMigrationPte(page, place));
                  return live;
                }));
  }

  @Models(
      file = "mm/migrate.c",
      function = "remove_migration_pte",
      leavesOut = "soft-dirty, userfaultfd, device memory; that dirty and young bits were lost"
          + " until v6.1, the dirty one to the folio")
  private void removeMigrationPte(Folio page, Place place) {
    var table = data.table(place.mm(), place.vpn());
    if (table.isEmpty()) {
      return;
    }
    table.get().lock(place.vpn());
    var ptep = table.get().pte(place.vpn());
    var entry = ptep.get();
    if (MigrationEntry.isMigration(entry) && entry.pfn() == page.pfn()) {
      page.get();
      page.mapcount().add(1);
      if (MigrationEntry.isExclusive(entry)) {
        page.pageFlags().set(Folio.ANON_EXCLUSIVE);
      }
      ptep.set(mapped(page, place, entry));
    }
    table.get().ptl().unlock();
  }

  private Pte mapped(Folio page, Place place, Pte entry) {
    var pte = prot.mkPte(page, place.vma()).without(entry.young() ? 0 : Pte.YOUNG);
    var dirty = entry.dirty() ? pte.with(Pte.DIRTY) : pte;
    return entry.writable() ? VmPageProt.maybeMkwrite(dirty, place.vma()) : dirty;
  }
}
