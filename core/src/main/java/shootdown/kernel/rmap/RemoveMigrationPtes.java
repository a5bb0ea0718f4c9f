package shootdown.kernel.rmap;

import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.rmap.RmapWalk.Place;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;

/// The end of a migration, or of a split: every migration entry becomes a PTE again.
public final class RemoveMigrationPtes {
  private final KernelData data;
  private final Steps steps;
  private final RmapWalk walk;
  private final MappedPte mapped;
  private final VmPageProt prot;

  public RemoveMigrationPtes(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new RmapWalk(data);
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
                  removeOne(old, now, place);
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
      leavesOut = "PMD migration entries, hugetlb, device memory, soft-dirty, userfaultfd, mlock")
  private void removeOne(Folio old, Folio now, Place place) {
    steps.run(
        "remove_migration_pte",
        () -> mapped.ifMigrating(old, place, ptep -> restore(now, place, ptep)));
  }

  /// Nothing is flushed: no TLB holds what is not present.
  private void restore(Folio now, Place place, Ptep ptep) {
    now.get();
    var entry = ptep.get();
    var pte = pteFor(now, place.vma(data), entry);
    if (now.isAnon()) {
      now.lock().assertLocked(); // VM_BUG_ON_PAGE() in page_add_anon_rmap(), as of v6.1
      if (MigrationEntry.kind(entry) != MigrationEntry.Kind.READ) {
        now.pageFlags().set(Folio.ANON_EXCLUSIVE);
      }
    }
    data.folios().addRmap(now.mapcount());
    steps.atomic(
        "set_pte_at",
        () -> {
          data.ground().holdsSwappedIn(now.pfn(), place.mm(), place.vpn());
          ptep.set(pte);
        });
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
        : pte;
  }
}
