package shootdown.kernel.khugepaged;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.fault.MmFault;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.khugepaged.CollapseHugePage.Target;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// Looks for small pages to collapse, as khugepaged or for madvise(MADV_COLLAPSE).
public final class Khugepaged {
  private final KernelData data;
  private final Steps steps;
  private final PageWalk walk;
  private final CollapsePages allowed;
  private final CollapseHugePage collapse;
  private final ThpVma thpVma;
  private final CollapseShmem shmem;
  private final ScanFile scanFile;
  private final CollapsePteMapped pteMapped;
  private final CollapseEnd ends;

  public Khugepaged(KernelData data, Decisions decisions, MmFault faults) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new PageWalk(data, decisions);
    this.allowed = decisions.get(CollapsePages.class);
    this.collapse = new CollapseHugePage(data, decisions, faults);
    this.thpVma = new ThpVma(data, decisions);
    this.shmem = decisions.get(CollapseShmem.class);
    var pageCache = new PageCache(data, decisions);
    this.scanFile = new ScanFile(data, decisions, pageCache);
    this.pteMapped = new CollapsePteMapped(data, decisions, pageCache);
    this.ends = decisions.get(CollapseEnd.class);
  }

  /// khugepaged comes to the huge page that page `vpn` would be part of. It does nothing unless the
  /// VMA asked for huge pages.
  @Models(
      file = "mm/khugepaged.c",
      function = "khugepaged_scan_mm_slot",
      leavesOut = "that it comes again later where mmap_lock is held: it waits; that from v6.1 to"
          + " v6.5 it is a later visit that takes PTEs of a huge page away")
  public void collapse(Current me, int number, int vpn) {
    if (!data.machine().profile().hugePages()) {
      return;
    }
    steps.run(
        "khugepaged_scan_mm_slot",
        () -> {
          var mm = data.mm(number);
          mm.mmapLock().readLock();
          var vma = mm.vmaAt(vpn).map(VmaSlot::vma);
          int first = data.layout().pmdStart(vpn);
          boolean fits =
              vma.isPresent() && thpVma.isAllowableAt(vma.get(), vpn, Initiator.KHUGEPAGED);
          if (!fits || scan(me, new Target(mm, vma.get(), first, Initiator.KHUGEPAGED)).locked()) {
            mm.mmapLock().readUnlock();
          }
        });
  }

  /// How a try ended.
  ///
  /// @param locked whether mmap_lock is still held
  private record Tried(ScanResult result, boolean locked) {}

  /// What the scan of the PTEs found.
  private record Scanned(ScanResult result, boolean swapped) {}

  /// Called with mmap_lock held for reading.
  private Tried scan(Current me, Target target) {
    return target.vma().anonymous()
        ? scanPmd(me, target)
        : new Tried(collapseFile(me, target), false);
  }

  /// Drops mmap_lock.
  private ScanResult collapseFile(Current me, Target target) {
    var file = data.file(target.vma().file());
    int start = target.vma().pageIndex(target.vpn());
    target.mm().mmapLock().readUnlock();
    var result =
        scanFile.hpageCollapseScanFile(
            me, new CollapseFile.Target(file, start, target.by()));
    if (result != ScanResult.PTE_MAPPED_HUGEPAGE || !shmem.takesPteMapped()) {
      return result;
    }
    var then =
        target.by() == Initiator.MADVISE
            ? CollapsePteMapped.Then.INSTALL_PMD
            : CollapsePteMapped.Then.NOTHING;
    return pteMapped.collapse(me, target.mm(), target.vpn(), then);
  }

  /// Called with mmap_lock held for reading.
  @Models(
      file = "mm/khugepaged.c",
      function = "hpage_collapse_scan_pmd",
      leavesOut = "nodes, userfaultfd; the look whether a folio is locked, which the"
          + " collapse tries to")
  private Tried scanPmd(Current me, Target target) {
    return steps.call(
        "hpage_collapse_scan_pmd",
        () -> {
          var entry = data.machine().tables().entry(target.mm().number(), target.vpn());
          if (!entry.isTable()) {
            return new Tried(
                entry.isHuge() ? ScanResult.PMD_MAPPED : ScanResult.PMD_NULL, true);
          }
          var scanned = scanPtes(target);
          return scanned.result() == ScanResult.SUCCEED
              ? new Tried(collapse.collapseHugePage(me, target, scanned.swapped()), false)
              : new Tried(scanned.result(), true);
        });
  }

  private Scanned scanPtes(Target target) {
    return steps.scope(
        () -> {
          var table = walk.pteOffsetMapLock(target.mm().number(), target.vpn());
          if (table.isEmpty()) {
            return new Scanned(ScanResult.PMD_NULL, false);
          }
          var scanned =
              steps.<At, Scanned>loop(
                  "ptes", new At(0, Tally.NOTHING), at -> scanNext(at, table.get(), target));
          table.get().ptl().unlock();
          return scanned;
        });
  }

  /// How far the scan is.
  private record At(int page, Tally tally) {}

  private Turn<At, Scanned> scanNext(At at, Table table, Target target) {
    int size = data.layout().ptrsPerPte();
    var tally = at.tally();
    if (at.page() == size) {
      return Turn.done(new Scanned(tally.verdict(allowed, target.by(), size), tally.swapped() > 0));
    }
    var pte = table.pte(target.vpn() + at.page()).get();
    var found = ScanResult.SUCCEED;
    if (collapse.pages().isNoneOrZero(pte)) {
      tally = tally.withNone();
    } else if (!VmPageProt.ptePresent(pte)) {
      tally = tally.withSwapped();
    } else {
      var page = data.folios().folio(pte.pfn());
      tally = tally.withMapping(page.mapcount().read()).with(pte, page);
      found = look(page);
    }
    var within = tally.limits(target.by(), size);
    var result = within == ScanResult.SUCCEED ? found : within;
    return result == ScanResult.SUCCEED
        ? Turn.again(new At(at.page() + 1, tally))
        : Turn.done(new Scanned(result, false));
  }

  private ScanResult look(Folio page) {
    if (!page.isolated().is(0)) {
      return ScanResult.PAGE_LRU;
    }
    return collapse.pages().isRefcountSuitable(page)
        ? ScanResult.SUCCEED
        : ScanResult.PAGE_COUNT;
  }

  /// madvise(MADV_COLLAPSE) of pages `from` … `to`-1, all of one VMA, for the huge pages that lie
  /// whole in there. mmap_lock is held for reading, dropped and taken again; whether a VMA is left
  /// is for the caller to see. Tells 0, or minus an errno's number.
  @Models(
      file = "mm/khugepaged.c",
      function = "madvise_collapse",
      leavesOut = "files on disk: EINVAL, as without CONFIG_READ_ONLY_THP_FOR_FS")
  public long madviseCollapse(Current me, Mm mm, Vma vma, int from, int to) {
    if (!thpVma.isAllowable(vma, Initiator.MADVISE)) {
      return Errno.EINVAL.result();
    }
    int size = data.layout().ptrsPerPte();
    int first = (from + size - 1) / size * size;
    int end = to / size * size;
    return steps.call(
        "madvise_collapse",
        () -> {
          long result =
              steps.<Advised, Long>loop(
                  "huge pages",
                  new Advised(first, end, 0, ScanResult.FAIL),
                  at -> adviseNext(me, mm, vma, at, first));
          mm.mmapLock().assertHeld(); // mmap_assert_locked(), since v6.1-rc1
          return result;
        });
  }

  /// How far MADV_COLLAPSE is.
  ///
  /// @param end where it is to end
  /// @param done how many huge pages are there
  /// @param lastFail why one is not there
  private record Advised(int vpn, int end, int done, ScanResult lastFail) {
    Turn<Advised, Long> finished(int first, int size) {
      // a range without a whole huge page may end before it begins: then none will do
      return Turn.done(done == (end - first) / size && end >= first ? 0 : lastFail.errno());
    }

    Advised after(ScanResult result, int size) {
      return result.isHuge()
          ? new Advised(vpn + size, end, done + 1, lastFail)
          : new Advised(vpn + size, end, done, result);
    }
  }

  private Turn<Advised, Long> adviseNext(
      Current me, Mm mm, Vma vma, Advised at, int first) {
    int size = data.layout().ptrsPerPte();
    if (at.vpn() >= at.end()) {
      return at.finished(first, size);
    }
    var tried = scan(me, new Target(mm, vma, at.vpn(), Initiator.MADVISE));
    var next = at.after(tried.result(), size);
    if (!tried.locked()) {
      mm.mmapLock().readLock();
    }
    if (!tried.result().goesOn()) {
      return next.finished(first, size);
    }
    if (tried.locked() || next.vpn() >= next.end()) {
      return Turn.again(next);
    }
    var now = thpVma.revalidate(mm, next.vpn(), Initiator.MADVISE);
    if (now.isEmpty()) {
      return new Advised(next.vpn(), next.end(), next.done(), ScanResult.VMA_CHECK)
          .finished(first, size);
    }
    int end = ends.end(next.end(), now.get().end() / size * size);
    return Turn.again(new Advised(next.vpn(), end, next.done(), next.lastFail()));
  }
}
