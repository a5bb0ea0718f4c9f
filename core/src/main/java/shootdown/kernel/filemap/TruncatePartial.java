package shootdown.kernel.filemap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.rmap.SplitHugePage;
import shootdown.sched.Steps;

/// A huge folio of which a part is to leave the page cache: that part is zeroed, and the folio
/// split, if nobody else has a reference to it.
final class TruncatePartial {
  private final KernelData data;
  private final Steps steps;
  private final PageCache pageCache;
  private final SplitHugePage split;

  TruncatePartial(KernelData data, Decisions decisions, PageCache pageCache) {
    this.data = data;
    this.steps = data.steps();
    this.pageCache = pageCache;
    this.split = new SplitHugePage(data, decisions);
  }

  /// Takes a page of a folio that is locked, with a reference. If it is split these are those of
  /// the page's own folio afterwards. Tells whether it is; if not, the zeroed pages stay.
  ///
  /// @param from the first page of the folio that is to go; before its first if below 0
  /// @param to the page after the last; may lie beyond its last
  @Models(
      file = "mm/truncate.c",
      function = "truncate_inode_partial_folio",
      leavesOut = "parts of pages; private data of the filesystem; that before v5.9 shared memory"
          + " was zeroed only")
  boolean truncate(Current me, Folio page, int from, int to) {
    return steps.call(
        "truncate_inode_partial_folio",
        () -> {
          pageCache.setPageDirty(page);
          int first = Math.max(0, from);
          int end = Math.min(page.pages(), to);
          steps.each(first, end, i -> data.folios().zero(data.folios().page(page, i)));
          return split.splitHugePage(me, page, SplitHugePage.Pieces.ONE);
        });
  }
}
