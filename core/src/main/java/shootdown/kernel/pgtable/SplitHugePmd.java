package shootdown.kernel.pgtable;

import shootdown.kernel.data.AnonExclusive;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.swap.MigrationBits;
import shootdown.kernel.swap.SwpExclusive;
import shootdown.machine.Pmdp;
import shootdown.machine.Pte;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// Splits huge PMD entries: the same pages, mapped by PTEs. The folio stays as it is.
///
/// ```text
/// (F8 W D) -> (F8 W D), not present -> flush -> PTEs in a page-table page that nobody finds -> it
/// ```
///
/// Of a file's it is only taken away: faults make PTEs; also if it is a migration entry. That of
/// the huge zero page is taken away while PTEs of the small one are made. A migration entry of
/// anonymous memory becomes one for each page.
public final class SplitHugePmd {
  private final KernelData data;
  private final Steps steps;
  private final HugePmds huge;
  private final InvalidatePmd invalidate;
  private final SplitPmdLock lock;
  private final SplitFileDirty fileDirty;
  private final SwpExclusive exclusiveMark;
  private final MigrationBits bits;
  private final SplitMigrationPmd migrating;
  private final SplitMigrationShmem migratingShmem;

  public SplitHugePmd(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.huge = new HugePmds(data);
    this.invalidate = new InvalidatePmd(data, decisions);
    this.lock = decisions.get(SplitPmdLock.class);
    this.fileDirty = decisions.get(SplitFileDirty.class);
    this.exclusiveMark = decisions.get(SwpExclusive.class);
    this.bits = decisions.get(MigrationBits.class);
    this.migrating = decisions.get(SplitMigrationPmd.class);
    this.migratingShmem = decisions.get(SplitMigrationShmem.class);
  }

  /// What the PTEs are that take the place of an entry.
  public enum Into {
    /// the same pages, mapped
    PRESENT,
    /// migration entries, if nobody has a page pinned: the entry does not count any more
    MIGRATION
  }

  /// Splits the PMD entry that covers page `vpn` if it maps a huge page.
  @Models(file = "mm/huge_memory.c", function = "__split_huge_pmd", leavesOut = "MMU notifiers")
  public void splitHugePmd(Current me, int mm, int vpn) {
    steps.run(
        "__split_huge_pmd",
        () -> {
          if (lock.locksAnon()) {
            steps.<Boolean>retry("repeat", () -> splitWithFolioLocked(me, mm, vpn));
            return;
          }
          huge.ifTransHugeOrSwap(
              mm,
              vpn,
              false,
              () -> {
                splitHugePmdLocked(me, mm, data.pmdp(mm, vpn), Into.PRESENT);
                return true;
              });
        });
  }

  /// The folio is not known before the PMD lock is held, and its lock comes first.
  private Turn<Boolean, Boolean> splitWithFolioLocked(Current me, int mm, int vpn) {
    var pmdp = data.pmdp(mm, vpn);
    var pmdLock = data.mm(mm).pageTableLock();
    pmdLock.lock();
    var entry = pmdp.get();
    if (!entry.isLeaf()) {
      pmdLock.unlock();
      return Turn.done(false);
    }
    if (entry.isSwap()) {
      splitHugePmdLocked(me, mm, pmdp, Into.PRESENT);
      pmdLock.unlock();
      return Turn.done(true);
    }
    var folio = data.folios().huge(entry.pte().pfn());
    if (!lock.locksFile() && !folio.isAnon()) {
      splitHugePmdLocked(me, mm, pmdp, Into.PRESENT);
      pmdLock.unlock();
      return Turn.done(true);
    }
    if (folio.lock().tryLock()) {
      splitHugePmdLocked(me, mm, pmdp, Into.PRESENT);
      pmdLock.unlock();
      folio.lock().unlock();
      return Turn.done(true);
    }
    folio.get();
    pmdLock.unlock();
    folio.lock().lock();
    pmdLock.lock();
    boolean same = pmdp.is(entry);
    if (same) {
      splitHugePmdLocked(me, mm, pmdp, Into.PRESENT);
    }
    pmdLock.unlock();
    folio.lock().unlock();
    data.folios().put(folio);
    return same ? Turn.done(true) : Turn.again(true);
  }

  /// Splits the entry if it maps a huge page that reaches over `vpn`, where a VMA is to be split.
  @Models(file = "mm/huge_memory.c", function = "split_huge_pmd_if_needed")
  public void splitHugePmdIfNeeded(Current me, int mm, int vpn) {
    boolean inside = vpn != data.layout().pmdStart(vpn);
    if (inside && data.isLeaf(mm, vpn)) {
      splitHugePmd(me, mm, vpn);
    }
  }

  /// The rights are the entry's: the VMA's, as they were when it was made or changed.
  @Models(
      file = "mm/huge_memory.c",
      function = "__split_huge_pmd_locked",
      leavesOut = "userfaultfd, soft-dirty; that releases before v6.10 make a migration entry"
          + " invalid, too (3a5a8d343e1c)")
  public void splitHugePmdLocked(Current me, int mm, Pmdp pmdp, Into into) {
    var mapped = data.folios().huge(pmdp.get().pte().pfn());
    if (pmdp.get().isSwap()) {
      if (mapped.isAnon()) {
        splitMigration(mm, pmdp, mapped);
      } else {
        clearMigration(me, mm, pmdp);
      }
    } else if (data.folios().isZero(mapped.pfn())) {
      splitHugeZeroPagePmd(me, mm, pmdp);
    } else if (mapped.isAnon()) {
      splitAnon(me, mm, pmdp, into);
    } else {
      clearOfFile(me, mm, pmdp, mapped);
    }
  }

  /// Nothing is counted and nothing flushed: no TLB holds what is not present.
  private void splitMigration(int mm, Pmdp pmdp, Folio folio) {
    var old = pmdp.get();
    if (migrating.addsReferences()) {
      folio.refcount().add(folio.pages() - 1);
    }
    int table = data.mm(mm).withdraw();
    steps.each(
        0,
        folio.pages(),
        i -> {
          data.machine().ptepIn(table, mm, pmdp.vpn() + i).set(migrating.entry(old.pteAt(i)));
          if (migrating.addsMappings()) {
            data.folios().page(folio, i).mapcount().add(1);
          }
        });
    if (migrating.addsMappings()) {
      data.folios().entireMapcount(folio).add(-1);
    }
    pmdp.populate(table);
  }

  /// Of a file's nothing is left: faults find the page in the cache.
  private void clearMigration(Current me, int mm, Pmdp pmdp) {
    if (migratingShmem == SplitMigrationShmem.AS_MAPPED) {
      throw steps.fail(
          new Violation("kernel bug", "a migration entry is split as if it mapped a file"));
    }
    huge.pmdpHugeClearFlush(me, mm, pmdp);
  }

  /// Faults make the entries again.
  private void clearOfFile(Current me, int mm, Pmdp pmdp, Folio folio) {
    var old = huge.pmdpHugeClearFlush(me, mm, pmdp);
    if (fileDirty.passes() && old.dirty()) {
      folio.flags().set(Folio.DIRTY);
    }
    if (old.young()) {
      folio.flags().set(Folio.REFERENCED);
    }
    huge.folioRemoveRmapPmd(folio);
    data.folios().put(folio);
  }

  /// Nothing is counted, and no bit of the old entry matters but its rights, which are the VMA's.
  @Models(file = "mm/huge_memory.c", function = "__split_huge_zero_page_pmd")
  private void splitHugeZeroPagePmd(Current me, int mm, Pmdp pmdp) {
    steps.run(
        "__split_huge_zero_page_pmd",
        () -> {
          var old = huge.pmdpHugeClearFlush(me, mm, pmdp);
          int table = data.mm(mm).withdraw();
          var pte =
              old.without(Pte.HUGE | Pte.DIRTY)
                  .with(Pte.YOUNG)
                  .withPfn(data.folios().zeroPage().pfn());
          steps.each(
              0,
              data.layout().ptrsPerPte(),
              i -> data.machine().ptepIn(table, mm, pmdp.vpn() + i).set(pte));
          pmdp.populate(table);
        });
  }

  private void splitAnon(Current me, int mm, Pmdp pmdp, Into into) {
    boolean first = invalidate.isFirst();
    var old = first ? invalidate.pmdpInvalidate(me, mm, pmdp) : pmdp.get();
    var folio = data.folios().huge(old.pte().pfn());
    if (old.pte().dirty()) {
      folio.flags().set(Folio.DIRTY);
    }
    boolean exclusive = folio.pageFlags().test(Folio.ANON_EXCLUSIVE);
    boolean freeze =
        into == Into.MIGRATION && (!exclusive || folioTryShareAnonRmapPmd(folio));
    if (!freeze) {
      folio.refcount().add(folio.pages() - 1);
      addAnonRmaps(folio, exclusive);
    }
    int table = data.mm(mm).withdraw();
    steps.each(
        0,
        folio.pages(),
        i -> {
          var pte = old.pteAt(i);
          data.machine()
              .ptepIn(table, mm, pmdp.vpn() + i)
              .set(freeze ? bits.entryFor(pte, exclusive) : pte);
        });
    if (!first) {
      invalidate.pmdpInvalidate(me, mm, pmdp);
    }
    huge.folioRemoveRmapPmd(folio);
    if (freeze) {
      data.folios().put(folio);
    }
    pmdp.populate(table);
  }

  /// Tells whether the folio counts as shared from now on: not if it may be pinned.
  @Models(file = "include/linux/rmap.h", function = "folio_try_share_anon_rmap_pmd")
  private boolean folioTryShareAnonRmapPmd(Folio folio) {
    return steps.scope(
        () -> {
          boolean shares = !exclusiveMark.remembers() || !folio.maybeDmaPinned();
          if (shares) {
            folio.pageFlags().clear(Folio.ANON_EXCLUSIVE);
          }
          return shares;
        });
  }

  @Models(file = "mm/rmap.c", function = "folio_add_anon_rmap_ptes", leavesOut = "statistics")
  private void addAnonRmaps(Folio folio, boolean exclusive) {
    steps.each(
        0,
        folio.pages(),
        i -> {
          var page = data.folios().page(folio, i);
          page.mapcount().add(1);
          if (exclusive && i > 0) {
            AnonExclusive.set(data.steps(), page);
          }
        });
  }
}
