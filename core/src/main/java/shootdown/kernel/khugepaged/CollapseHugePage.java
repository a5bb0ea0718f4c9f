package shootdown.kernel.khugepaged;

import java.util.Optional;
import java.util.function.Consumer;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.fault.MmFault;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.CollapseFlush;
import shootdown.kernel.pgtable.HugePmds;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.vmalock.VmaLocks;
import shootdown.machine.Pte;
import shootdown.sched.Mutation;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// `collapse_huge_page()`.
///
/// ```text
/// huge folio allocated -> swapped pages read -> mmap_lock, VMA and anon_vma for writing
///   -> PMD cleared, flushed -> gup-fast waited for -> pages locked, nobody else has them
///   -> copied and freed -> huge PMD entry, the page-table page in store for it
/// ```
///
/// If a page cannot be had, the page-table page is put back as it was.
final class CollapseHugePage {
  private final KernelData data;
  private final Steps steps;
  private final MmFault faults;
  private final HugePmds huge;
  private final SmallPages pages;
  private final CollapseFlush flush;
  private final SyncGupFast sync;
  private final ThpVma thpVma;
  private final VmaLocks locks;
  private final CollapseVmaLock vmaLock;

  CollapseHugePage(
      KernelData data, Decisions decisions, MmFault faults) {
    this.data = data;
    this.steps = data.steps();
    this.faults = faults;
    this.huge = new HugePmds(data);
    this.flush = new CollapseFlush(data);
    this.pages = new SmallPages(data, decisions);
    this.sync = new SyncGupFast(data, decisions);
    this.thpVma = new ThpVma(data, decisions);
    this.vmaLock = decisions.get(CollapseVmaLock.class);
    this.locks = new VmaLocks(data, decisions);
  }

  SmallPages pages() {
    return pages;
  }

  /// Which huge page is to be made.
  ///
  /// @param vma the VMA, as it was found by the scan
  /// @param vpn the first page
  record Target(Mm mm, Vma vma, int vpn, Initiator by) {}

  /// Called with mmap_lock held for reading, which it drops.
  ///
  /// Without pages on swap, Linux looks at the VMA twice, too. To look once gives the same
  /// outcomes: a VMA that is right in the end need not have been so in between.
  ///
  /// @param swapped whether the scan saw pages on swap
  @Models(
      file = "mm/khugepaged.c",
      function = "collapse_huge_page",
      leavesOut = "memory cgroups, MMU notifiers")
  ScanResult collapseHugePage(Current me, Target target, boolean swapped) {
    return steps.call(
        "collapse_huge_page",
        () -> {
          var lock = target.mm().mmapLock();
          lock.readUnlock();
          var folio = data.folios().allocHuge();
          var result = swapped ? bringIn(me, target) : ScanResult.SUCCEED;
          if (result == ScanResult.SUCCEED) {
            lock.lock();
            var valid = revalidate(target, vma -> lockIf(CollapseVmaLock.BEFORE_LOOK, target, vma));
            result =
                valid.result() == ScanResult.SUCCEED
                    ? collapse(me, target, valid.vma(), folio)
                    : valid.result();
            locks.mmapWriteUnlock(target.mm());
          }
          if (result != ScanResult.SUCCEED) {
            data.folios().put(folio);
          }
          return result;
        });
  }

  /// Looks at the VMA and reads what is on swap, under mmap_lock for reading.
  private ScanResult bringIn(Current me, Target target) {
    return steps.scope(
        () -> {
          var mm = target.mm();
          mm.mmapLock().readLock();
          var valid = revalidate(target, _ -> {});
          if (valid.result() == ScanResult.SUCCEED) {
            swapin(me, target, valid.vma());
          }
          mm.mmapLock().readUnlock();
          return valid.result();
        });
  }

  @Models(
      file = "mm/khugepaged.c",
      function = "__collapse_huge_page_swapin",
      leavesOut = "that it gives up where a folio is locked: it waits")
  private void swapin(Current me, Target target, Vma vma) {
    steps.run(
        "__collapse_huge_page_swapin",
        () ->
            steps.each(
                target.vpn(),
                target.vpn() + data.layout().ptrsPerPte(),
                vpn -> swapinOne(me, target.mm(), vma, vpn)));
  }

  private void swapinOne(Current me, Mm mm, Vma vma, int vpn) {
    var pte = data.machine().entryAt(mm.number(), vpn);
    if (!pte.none() && !VmPageProt.ptePresent(pte)) {
      faults.doSwapPage(me, mm, vma, vpn, pte);
    }
  }

  /// What a second look has found.
  ///
  /// @param vma the VMA as it is now
  private record Revalidated(ScanResult result, Vma vma) {}

  /// Whether the VMA still is one that can have a huge page there, and a page-table page is there.
  ///
  /// @param between what is done with the VMA before the page-table page is looked for
  private Revalidated revalidate(Target target, Consumer<Vma> between) {
    return steps.scope(
        () -> {
          var vma = hugepageVma(target);
          if (vma.isEmpty()) {
            return new Revalidated(ScanResult.VMA_CHECK, target.vma());
          }
          between.accept(vma.get());
          return new Revalidated(lookAtPmd(target), vma.get());
        });
  }

  /// The VMA, looked up again; that of the scan where this is left out.
  private Optional<Vma> hugepageVma(Target target) {
    if (steps.leavesOut(Mutation.Kind.RECHECK, "hugepage_vma")) {
      return Optional.of(target.vma());
    }
    var now = thpVma.revalidate(target.mm(), target.vpn(), target.by());
    if (now.isEmpty()) {
      steps.notice(steps.site("hugepage_vma"), "it does not hold");
    }
    return now;
  }

  private ScanResult lookAtPmd(Target target) {
    var entry = data.machine().tables().entry(target.mm().number(), target.vpn());
    if (steps.recheck("pmd_still_valid", entry::isTable)) {
      return ScanResult.SUCCEED;
    }
    return entry.isHuge() ? ScanResult.PMD_MAPPED : ScanResult.PMD_NULL;
  }

  /// With mmap_lock held for writing.
  private ScanResult collapse(Current me, Target target, Vma vma, Folio folio) {
    return steps.scope(
        () -> {
          int mm = target.mm().number();
          lockIf(CollapseVmaLock.AFTER_LOOK, target, vma);
          var anonVma = data.anonVmas().lock(vma.anonVma());
          anonVma.lock();
          var table = takeTable(me, target);
          sync.tlbRemoveTableSyncOne(me);
          table.ptl().lock();
          var isolated = pages.isolate(table, target.vpn(), target.by());
          table.ptl().unlock();
          if (isolated.result() != ScanResult.SUCCEED) {
            putBack(target, table);
            anonVma.unlock();
            return isolated.result();
          }
          anonVma.unlock();
          pages.copy(mm, table, target.vpn(), folio, isolated.compound());
          mapHuge(target, vma, folio, table);
          return ScanResult.SUCCEED;
        });
  }

  /// "mm/khugepaged: write-lock VMA while collapsing a huge page", 55fd6fccad31, v6.4-rc1.
  private void lockIf(CollapseVmaLock when, Target target, Vma vma) {
    if (vmaLock == when) {
      locks.vmaStartWrite(target.mm(), vma);
    }
  }

  private Table takeTable(Current me, Target target) {
    var lock = target.mm().pageTableLock();
    lock.lock();
    var table = flush.pmdpCollapseFlush(me, target.mm().number(), target.vpn());
    lock.unlock();
    return table;
  }

  private void putBack(Target target, Table table) {
    int mm = target.mm().number();
    var lock = target.mm().pageTableLock();
    lock.lock();
    expectNone(target);
    data.machine().pmdPopulate(mm, target.vpn(), table.number());
    lock.unlock();
  }

  private void mapHuge(Target target, Vma vma, Folio folio, Table table) {
    int mm = target.mm().number();
    var lock = target.mm().pageTableLock();
    lock.lock();
    expectNone(target);
    target.mm().deposit(table.number());
    huge.mapAnonFolioPmd(data.pmdp(mm, target.vpn()), vma, folio, Pte.DIRTY, () -> {});
    lock.unlock();
  }

  /// `BUG_ON(!pmd_none(*pmd))`.
  private void expectNone(Target target) {
    if (!data.pmdp(target.mm().number(), target.vpn()).isNone()) {
      throw steps.fail(
          new Violation("kernel bug", "the PMD entry to collapse is in use again"));
    }
  }
}
