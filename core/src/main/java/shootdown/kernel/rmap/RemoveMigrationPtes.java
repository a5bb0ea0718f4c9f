package shootdown.kernel.rmap;

import shootdown.kernel.data.AnonExclusive;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.rmap.RmapWalk.Place;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.machine.Pmdp;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;

/// The end of a migration, or of a split: every migration entry becomes a PTE again.
public final class RemoveMigrationPtes {
  private final KernelData data;
  private final Steps steps;
  private final RmapWalk walk;
  private final MappedPmd mappedPmd;
  private final UnmapSync sync;
  private final KsmMigrationPte ksmPte;
  private final MappedPte mapped;
  private final VmPageProt prot;

  public RemoveMigrationPtes(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new RmapWalk(data);
    this.mappedPmd = new MappedPmd(data, decisions);
    this.sync = decisions.get(UnmapSync.class);
    this.ksmPte = decisions.get(KsmMigrationPte.class);
    this.mapped = new MappedPte(data, decisions);
    this.prot = new VmPageProt(data);
  }

  /// Maps `now` wherever a migration entry of `old` stands. They may be the same folio, if it stays
  /// where it was. Both are locked by the caller; the place of `now` in its mapping is known.
  @Models(file = "mm/migrate.c", function = "remove_migration_ptes", leavesOut = "zero pages")
  public void removeMigrationPtes(Folio old, Folio now) {
    steps.run(
        "remove_migration_ptes",
        () ->
            walk.walk(
                now,
                place -> {
                  if (now.isLarge()) {
                    removeWhole(old, now, place);
                  } else {
                    removeOne(old, now, place);
                  }
                  return 0;
                }));
  }

  /// Maps a page of a folio that was to be split again, whose anon_vma the caller has locked:
  /// RMP_LOCKED.
  void removeMigrationPtesLocked(Folio page) {
    steps.run(
        "remove_migration_ptes",
        () ->
            walk.foldLockedPage(
                page,
                true,
                (place, live) -> {
                  removeOne(page, page, place);
                  return live;
                }));
  }

  @Models(
      file = "mm/migrate.c",
      function = "remove_migration_pte",
      leavesOut = "hugetlb, device memory, soft-dirty, mlock")
  private void removeOne(Folio old, Folio now, Place place) {
    steps.run(
        "remove_migration_pte",
        () ->
            mapped.ifMigrating(
                old, place, ptep -> restore(ksmPte.page(data, now, place), place, ptep)));
  }

  /// A huge page that moved as one: the entry may have been split meanwhile.
  private void removeWhole(Folio old, Folio now, Place place) {
    steps.run(
        "remove_migration_pte",
        () -> {
          boolean ptes =
              mappedPmd.ifMigrating(
                  old, place, sync, pmdp -> removeMigrationPmd(now, place, pmdp));
          if (!ptes) {
            return;
          }
          int first = place.firstOf(now);
          steps.each(
              0,
              place.pages(),
              i -> {
                var page = data.folios().page(now, first + i);
                var there = place.page(i);
                mapped.ifMigrating(
                    data.folios().page(old, first + i),
                    there,
                    ptep -> restore(page, there, ptep));
              });
        });
  }

  @Models(
      file = "mm/huge_memory.c",
      function = "remove_migration_pmd",
      leavesOut = "soft-dirty, userfaultfd")
  private void removeMigrationPmd(Folio now, Place place, Pmdp pmdp) {
    now.get();
    var entry = pmdp.get().pte();
    var pte = pteFor(now, place.vma(data), entry);
    markExclusive(now, entry);
    data.folios().addRmap(data.folios().entireMapcount(now));
    steps.atomic(
        "set_pmd_at",
        () -> {
          for (int i = 0; i < now.pages(); i++) {
            data.ground().holdsSwappedIn(now.pfn() + i, place.mm(), place.vpn() + i);
          }
          pmdp.set(pte);
        });
  }

  /// Nothing is flushed: no TLB holds what is not present.
  private void restore(Folio now, Place place, Ptep ptep) {
    now.get();
    var entry = ptep.get();
    var pte = pteFor(now, place.vma(data), entry);
    markExclusive(now, entry);
    data.folios().addRmap(now.mapcount());
    steps.atomic(
        "set_pte_at",
        () -> {
          data.ground().holdsSwappedIn(now.pfn(), place.mm(), place.vpn());
          ptep.set(pte);
        });
  }

  private void markExclusive(Folio now, Pte entry) {
    if (now.isAnon()) {
      now.lock().assertLocked(); // VM_BUG_ON_PAGE() in page_add_anon_rmap(), as of v6.1
      if (MigrationEntry.kind(entry) != MigrationEntry.Kind.READ) {
        AnonExclusive.set(data.steps(), now);
      }
    }
  }

  /// The folio may have been cleaned meanwhile, so it is asked, too. It is not dirtied: it is dirty
  /// since the entry went.
  private Pte pteFor(Folio now, Vma vma, Pte entry) {
    var pte = prot.mkPte(now, vma);
    if (!MigrationEntry.isYoung(entry)) {
      pte = pte.without(Pte.YOUNG);
    }
    if (MigrationEntry.isDirty(entry) && now.flags().test(Folio.DIRTY)) {
      pte = pte.with(Pte.DIRTY);
    }
    return MigrationEntry.kind(entry) == MigrationEntry.Kind.WRITE
        ? VmPageProt.maybeMkwrite(pte, vma)
        : pte.with(entry.bits() & Pte.UFFD_WP);
  }
}
