package shootdown.kernel.khugepaged;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.history.Decisions;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// `hpage_collapse_scan_file()`: a look at the pages of a file that are to become a huge one,
/// without locks.
final class ScanFile {
  private final KernelData data;
  private final Steps steps;
  private final CollapseFile collapse;

  ScanFile(KernelData data, Decisions decisions, PageCache pageCache) {
    this.data = data;
    this.steps = data.steps();
    this.collapse = new CollapseFile(data, decisions, pageCache);
  }

  /// Collapses them if they look right. mmap_lock is not held.
  @Models(
      file = "mm/khugepaged.c",
      function = "hpage_collapse_scan_file",
      leavesOut = "nodes; that since v6.13 it takes a reference to each folio for a while")
  ScanResult hpageCollapseScanFile(Current me, CollapseFile.Target target) {
    return steps.call(
        "hpage_collapse_scan_file",
        () -> {
          var result =
              steps.<At, ScanResult>loop("pages", new At(0, 0, 0), at -> scanNext(at, target));
          return result == ScanResult.SUCCEED ? collapse.collapseFile(me, target) : result;
        });
  }

  /// How far the scan is.
  private record At(int page, int present, int swapped) {}

  /// The limits are those of [Tally].
  private Turn<At, ScanResult> scanNext(At at, CollapseFile.Target target) {
    int size = data.layout().ptrsPerPte();
    boolean limited = target.by() == Initiator.KHUGEPAGED;
    if (at.page() == size) {
      return Turn.done(
          limited && at.present() == 0 ? ScanResult.EXCEED_NONE_PTE : ScanResult.SUCCEED);
    }
    int index = target.start() + at.page();
    var pfn = target.file().cached(index);
    if (pfn.isPresent()) {
      var result = look(pfn.get(), index, target);
      return result == ScanResult.SUCCEED
          ? Turn.again(new At(at.page() + 1, at.present() + 1, at.swapped()))
          : Turn.done(result);
    }
    int swapped = at.swapped() + (target.file().isInUse(index, index + 1) ? 1 : 0);
    return limited && swapped > Math.max(1, size / 8)
        ? Turn.done(ScanResult.EXCEED_SWAP_PTE)
        : Turn.again(new At(at.page() + 1, at.present(), swapped));
  }

  private ScanResult look(int pfn, int index, CollapseFile.Target target) {
    return steps.scope(
        () -> {
          var folio = data.folios().folio(pfn);
          if (folio.isLarge()) {
            return folio.firstIndex(index) == target.start()
                ? ScanResult.PTE_MAPPED_HUGEPAGE
                : ScanResult.PAGE_COMPOUND;
          }
          if (!folio.isolated().is(0)) {
            return ScanResult.PAGE_LRU;
          }
          long references = folio.refcount().read();
          return references == 1 + folio.mapcount().read()
              ? ScanResult.SUCCEED
              : ScanResult.PAGE_COUNT;
        });
  }
}
