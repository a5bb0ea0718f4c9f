package shootdown.kernel.khugepaged;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.RetractLocks;
import shootdown.kernel.pgtable.SetPmd;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// `collapse_pte_mapped_thp()`: a huge page is in the page cache, and a process maps it by PTEs, or
/// has an empty page-table page there. It goes; a PMD entry can take its place.
///
/// ```text
/// folio locked -> all PTEs map it, or are none -> cleared -> PMD cleared, flushed -> the
///   page-table page freed -> PMD entry, for madvise()
/// ```
///
/// The folio lock keeps faults from mapping it again.
final class CollapsePteMapped {
  private final KernelData data;
  private final Steps steps;
  private final PageCache pageCache;
  private final PageWalk walk;
  private final ThpVma thpVma;
  private final SetPmd setPmd;
  private final FreeRetracted free;
  private final RetractLocks locks;

  CollapsePteMapped(KernelData data, Decisions decisions, PageCache pageCache) {
    this.data = data;
    this.steps = data.steps();
    this.pageCache = pageCache;
    this.walk = new PageWalk(data, decisions);
    this.thpVma = new ThpVma(data, decisions);
    this.setPmd = new SetPmd(data);
    this.free = new FreeRetracted(data, decisions);
    this.locks = decisions.get(RetractLocks.class);
  }

  /// What follows when the page-table page is gone.
  enum Then {
    /// a fault makes the PMD entry
    NOTHING,
    /// the PMD entry is made
    INSTALL_PMD
  }

  /// Takes mmap_lock, which nobody holds.
  ///
  /// @param vpn the first page of the huge page
  ScanResult collapse(Current me, Mm mm, int vpn, Then then) {
    return steps.scope(
        () -> {
          boolean reads = locks.lookAgain();
          if (reads) {
            mm.mmapLock().readLock();
          } else {
            mm.mmapLock().lock();
          }
          var result = collapsePteMappedThp(me, mm, vpn, then);
          if (reads) {
            mm.mmapLock().readUnlock();
          } else {
            mm.mmapLock().unlock();
          }
          return result;
        });
  }

  /// What is collapsed.
  private record Target(Mm mm, Vma vma, int vpn, Then then) {}

  @Models(
      file = "mm/khugepaged.c",
      function = "collapse_pte_mapped_thp",
      leavesOut = "userfaultfd, MMU notifiers; that v6.1-rc8 to v6.2-rc3 leave private mappings"
          + " alone")
  private ScanResult collapsePteMappedThp(Current me, Mm mm, int vpn, Then then) {
    return steps.call(
        "collapse_pte_mapped_thp",
        () -> {
          var vma = mm.vmaAt(vpn).map(VmaSlot::vma).filter(found -> !found.anonymous());
          if (vma.isEmpty()) {
            return ScanResult.VMA_CHECK;
          }
          if (data.isHuge(mm.number(), vpn)) {
            return ScanResult.PMD_MAPPED;
          }
          if (!thpVma.isAllowableAt(vma.get(), vpn, Initiator.MADVISE)) {
            return ScanResult.VMA_CHECK;
          }
          var file = data.file(vma.get().file());
          var folio = lockFolio(file, vma.get().pageIndex(vpn));
          if (folio.isEmpty()) {
            return ScanResult.PAGE_NULL;
          }
          var result =
              folio.get().isLarge()
                  ? withFolio(me, new Target(mm, vma.get(), vpn, then), folio.get())
                  : ScanResult.PAGE_COMPOUND;
          pageCache.unlockAndPut(folio.get());
          return result;
        });
  }

  /// The cached page, locked, with a reference.
  @Models(file = "include/linux/pagemap.h", function = "filemap_lock_folio")
  private Optional<Folio> lockFolio(FileData file, int index) {
    return steps.retry(
        "repeat",
        () -> {
          var found = pageCache.findGetPage(file, index);
          if (found.isEmpty() || pageCache.lockInCache(file, found.get())) {
            return Turn.done(found);
          }
          data.folios().put(found.get());
          return Turn.again(true);
        });
  }

  private ScanResult withFolio(Current me, Target target, Folio folio) {
    int mm = target.mm().number();
    var entry = data.machine().tables().entry(mm, target.vpn());
    if (entry.isHuge()) {
      return ScanResult.PMD_MAPPED;
    }
    if (entry.isTable()) {
      var table = new Table(data, mm, entry.table());
      var result =
          locks.lookAgain()
              ? retract(me, target, folio, table)
              : retractLocked(me, target, folio, table);
      if (result != ScanResult.SUCCEED) {
        return result;
      }
    }
    return target.then() == Then.INSTALL_PMD ? setHugePmd(target, folio) : ScanResult.SUCCEED;
  }

  private ScanResult retract(Current me, Target target, Folio folio, Table table) {
    return steps.scope(
        () -> {
          if (!walk.lock(table, target.vpn())) {
            return ScanResult.FAIL;
          }
          var checked = check(table, target.vpn(), folio);
          table.ptl().unlock();
          if (checked != ScanResult.SUCCEED) {
            return checked;
          }
          var cleared = clear(me, table, target.vpn(), folio);
          return cleared == ScanResult.SUCCEED ? retractEmpty(me, table, target.vpn()) : cleared;
        });
  }

  /// The lock was given back since [#clear]: the page-table page may be gone, as it is empty. Who
  /// took it had nothing to flush.
  private ScanResult retractEmpty(Current me, Table table, int vpn) {
    var lock = data.mm(table.mm()).pageTableLock();
    lock.lock();
    boolean goes = free.collapse(me, table, vpn, () -> walk.isStill(table, vpn));
    if (!goes) {
      data.machine().flush().mm(me.cpu(), table.mm());
    }
    lock.unlock();
    if (goes) {
      free.defer(table);
    }
    return goes ? ScanResult.SUCCEED : ScanResult.FAIL;
  }

  /// As of v6.5: mmap_lock is held for writing. Entries are not cleared, as nobody is to see them;
  /// that some are dirty nobody sees, either.
  private ScanResult retractLocked(Current me, Target target, Folio folio, Table table) {
    var rmapLock = data.file(target.vma().file()).mmapRwsem();
    if (locks == RetractLocks.I_MMAP_TOO) {
      rmapLock.lock();
    }
    var result =
        steps.scope(
            () -> {
              table.lock(target.vpn());
              var checked = check(table, target.vpn(), folio);
              int mapped =
                  checked == ScanResult.SUCCEED ? removeRmaps(table, target.vpn(), folio) : 0;
              table.ptl().unlock();
              if (mapped > 0) {
                folio.refcount().add(-mapped);
              }
              if (checked == ScanResult.SUCCEED) {
                free.collapseAndFreePmd(me, target.mm().number(), target.vpn());
              }
              return checked;
            });
    if (locks == RetractLocks.I_MMAP_TOO) {
      rmapLock.unlock();
    }
    return result;
  }

  /// Whether no entry maps anything but the folio, at its place.
  private ScanResult check(Table table, int vpn, Folio folio) {
    return steps.loop(
        "ptes",
        0,
        i ->
            i == folio.pages()
                ? Turn.done(ScanResult.SUCCEED)
                : verdict(table, vpn, folio, i)
                    .<Turn<Integer, ScanResult>>map(Turn::done)
                    .orElseGet(() -> Turn.again(i + 1)));
  }

  /// What is wrong with an entry; empty if nothing is.
  private Optional<ScanResult> verdict(Table table, int vpn, Folio folio, int i) {
    var pte = table.pte(vpn + i).get();
    if (pte.none()) {
      return Optional.empty();
    }
    if (!VmPageProt.ptePresent(pte)) {
      return Optional.of(ScanResult.PTE_NON_PRESENT);
    }
    return pte.pfn() == folio.head() + i ? Optional.empty() : Optional.of(ScanResult.FAIL);
  }

  /// How many entries are gone.
  private record Clearing(int done, int cleared) {}

  /// The lock was given back since [#check]: whoever writes to a private page has replaced its
  /// entry, maybe.
  private ScanResult clear(Current me, Table table, int vpn, Folio folio) {
    if (!walk.lock(table, vpn)) {
      return ScanResult.FAIL;
    }
    record Ended(ScanResult result, int cleared) {}
    var ended =
        steps.<Clearing, Ended>loop(
            "ptes",
            new Clearing(0, 0),
            at -> {
              if (at.done() == folio.pages()) {
                return Turn.done(new Ended(ScanResult.SUCCEED, at.cleared()));
              }
              var ptep = table.pte(vpn + at.done());
              if (ptep.isNone()) {
                return Turn.again(new Clearing(at.done() + 1, at.cleared()));
              }
              var wrong = verdict(table, vpn, folio, at.done());
              if (wrong.isPresent()) {
                return Turn.done(new Ended(wrong.get(), at.cleared()));
              }
              if (ptep.getAndClear().dirty() && locks.tellsDirty()) {
                folio.flags().set(Folio.DIRTY);
              }
              data.folios().removeRmap(data.folios().page(folio, at.done()).mapcount());
              return Turn.again(new Clearing(at.done() + 1, at.cleared() + 1));
            });
    if (ended.result() != ScanResult.SUCCEED && ended.cleared() > 0) {
      data.machine().flush().mm(me.cpu(), table.mm());
    }
    table.ptl().unlock();
    if (ended.cleared() > 0) {
      folio.refcount().add(-ended.cleared());
    }
    return ended.result();
  }

  /// Tells how many entries map the folio: none of them counts any more.
  private int removeRmaps(Table table, int vpn, Folio folio) {
    return steps.loop(
        "ptes",
        new Clearing(0, 0),
        at -> {
          if (at.done() == folio.pages()) {
            return Turn.done(at.cleared());
          }
          boolean maps = !table.pte(vpn + at.done()).isNone();
          if (maps) {
            data.folios().removeRmap(data.folios().page(folio, at.done()).mapcount());
          }
          return Turn.again(new Clearing(at.done() + 1, at.cleared() + (maps ? 1 : 0)));
        });
  }

  @Models(file = "mm/khugepaged.c", function = "set_huge_pmd")
  private ScanResult setHugePmd(Target target, Folio folio) {
    return steps.call(
        "set_huge_pmd",
        () -> {
          target.mm().mmapLock().assertHeld(); // mmap_assert_locked(), since v6.1-rc1
          boolean done =
              setPmd.doSetPmd(
                  target.mm().number(), target.vma(), target.vpn(), folio, entry -> entry);
          if (done) {
            folio.get();
          }
          return done ? ScanResult.SUCCEED : ScanResult.FAIL;
        });
  }
}
