package shootdown.kernel.fault;

import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.filemap.PageCache;

/// What a write through a shared mapping owes to the file.
final class SharedWrite {
  private final KernelData data;
  private final PageCache pages;

  SharedWrite(KernelData data, PageCache pages) {
    this.data = data;
    this.pages = pages;
  }

  /// Whether the file's `vm_ops` have a page_mkwrite.
  boolean hasPageMkwrite(Vmf vmf) {
    return file(vmf).is(FileData.Kind.DISK);
  }

  /// Tells the file that a page is about to become writable. If the page is still the file's it is
  /// dirty and locked now; otherwise it is not locked, and the fault is over.
  @Models(file = "mm/memory.c", function = "do_page_mkwrite")
  boolean doPageMkwrite(Vmf vmf, Folio folio) {
    return pages.filemapPageMkwrite(file(vmf), folio);
  }

  /// The entry is writable and dirty by now: so must the page be. Unlocks the page.
  @Models(
      file = "mm/memory.c",
      function = "fault_dirty_shared_page",
      leavesOut = "file times, balance_dirty_pages()")
  void faultDirtySharedPage(Folio folio) {
    data.steps()
        .run(
            "fault_dirty_shared_page",
            () -> {
              pages.setPageDirty(folio);
              folio.lock().unlock();
            });
  }

  /// Marks the page dirty without its lock.
  @Models(
      file = "mm/page-writeback.c",
      function = "set_page_dirty_balance",
      leavesOut = "balance_dirty_pages()")
  void setPageDirty(Folio folio) {
    pages.setPageDirty(folio);
  }

  FileData file(Vmf vmf) {
    return data.file(vmf.vma().file());
  }
}
