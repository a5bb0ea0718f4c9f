package shootdown.kernel.ksm;

import java.util.Optional;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.migrate.MigrationWait;
import shootdown.kernel.pgtable.HugePmds;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.machine.Pte;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// Pages that KSM may merge: where they are, and what is mapped there.
final class MergeablePages {
  private final KernelData data;
  private final Steps steps;
  private final PageWalk walk;
  private final MigrationWait migration;
  private final HugePmds huge;

  MergeablePages(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new PageWalk(data, decisions);
    this.migration = new MigrationWait(data);
    this.huge = new HugePmds(data);
  }

  /// The VMA of page `vpn`, if madvise(MADV_MERGEABLE) was said of it. mmap_lock is held.
  @Models(file = "mm/ksm.c", function = "find_mergeable_vma", leavesOut = "exiting processes")
  static Optional<VmaSlot> findMergeableVma(Mm mm, int vpn) {
    return mm.vmaAt(vpn)
        .filter(
            found -> found.vma().has(Vma.VM_MERGEABLE) && found.vma().has(Vma.VM_ANON_VMA));
  }

  /// The anonymous page that is mapped at page `vpn`, with a reference; empty if there is none, or
  /// the VMA does not allow it.
  @Models(file = "mm/ksm.c", function = "get_mergeable_page")
  @Models(
      file = "mm/ksm.c",
      function = "scan_get_next_rmap_item",
      leavesOut = "where ksmd comes next")
  Optional<Folio> getMergeablePage(Mm mm, int vpn) {
    return steps.call(
        "get_mergeable_page",
        () -> {
          mm.mmapLock().readLock();
          var page =
              findMergeableVma(mm, vpn).isEmpty()
                  ? Optional.<Folio>empty()
                  : followPage(mm, vpn);
          mm.mmapLock().readUnlock();
          if (page.isPresent() && !page.get().isAnon()) {
            data.folios().put(page.get());
            return Optional.empty();
          }
          return page;
        });
  }

  /// What is mapped at page `vpn`, with a reference, whoever may access it; waits for the end of a
  /// migration. mmap_lock is held.
  @Models(
      file = "mm/gup.c",
      function = "follow_page",
      leavesOut = "that ksmd does not wait for a migration, but comes again")
  Optional<Folio> followPage(Mm mm, int vpn) {
    return steps.call("follow_page", () -> steps.retry("migration", () -> follow(mm, vpn)));
  }

  private Turn<Boolean, Optional<Folio>> follow(Mm mm, int vpn) {
    if (data.isLeaf(mm.number(), vpn)) {
      return huge.ifTransHugeOrSwap(
              mm.number(), vpn, Optional.<Entry>empty(), () -> Optional.of(pageOfPmd(mm, vpn)))
          .map(this::waited)
          .orElse(Turn.again(true));
    }
    return waited(lookUp(mm, vpn));
  }

  private Turn<Boolean, Optional<Folio>> waited(Entry entry) {
    if (MigrationEntry.isMigration(entry.pte())) {
      migration.migrationEntryWait(entry.pte());
      return Turn.again(true);
    }
    return Turn.done(entry.page());
  }

  /// @param pte the entry, none where there is no page table
  /// @param page what it maps, with a reference
  private record Entry(Pte pte, Optional<Folio> page) {}

  /// A page of the huge zero page is passed, as no page is anonymous that nobody owns.
  private Entry pageOfPmd(Mm mm, int vpn) {
    var pte = data.pmdp(mm.number(), vpn).get().pte();
    if (MigrationEntry.isMigration(pte) || data.folios().isZero(pte.pfn())) {
      return new Entry(pte, Optional.empty());
    }
    var page = data.folios().huge(pte.pfn() + vpn - data.layout().pmdStart(vpn));
    page.get();
    return new Entry(pte, Optional.of(page));
  }

  private Entry lookUp(Mm mm, int vpn) {
    return steps.scope(
        () -> {
          var table = walk.pteOffsetMapLockUnderMmapLock(mm.number(), vpn);
          if (table.isEmpty()) {
            return new Entry(Pte.NONE, Optional.empty());
          }
          var pte = table.get().pte(vpn).get();
          var page =
              VmPageProt.ptePresent(pte)
                  ? data.folios().vmNormalFolio(pte)
                  : Optional.<Folio>empty();
          page.ifPresent(Folio::get);
          if (MigrationEntry.isMigration(pte)) {
            MigrationEntry.assertLocked(data, pte);
          }
          table.get().ptl().unlock();
          return new Entry(pte, page);
        });
  }
}
