package shootdown.kernel.filemap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.rmap.Rmap;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// Writes dirty pages to disk.
///
/// ```text
/// locked, dirty   -- clear_page_dirty_for_io: PTEs read-only and clean, then PG_dirty off -->
/// locked, clean   -- PG_writeback on, unlock -->
/// under writeback -- the disk has the contents, PG_writeback off --> clean
/// ```
///
/// The disk is done whenever the task that submitted the page goes on: a disk that finishes after
/// its submitter returned from the system call is left out.
public final class Writeback {
  private final KernelData data;
  private final Steps steps;
  private final PageCache pageCache;
  private final EndOfFile endOfFile;
  private final Rmap rmap;
  private final WritebackWait wait;

  public Writeback(KernelData data, Decisions decisions, PageCache pageCache, Rmap rmap) {
    this.data = data;
    this.steps = data.steps();
    this.pageCache = pageCache;
    this.endOfFile = new EndOfFile(data, pageCache);
    this.rmap = rmap;
    this.wait = decisions.get(WritebackWait.class);
  }

  /// Whether pages that are under writeback already are waited for: `enum writeback_sync_modes`.
  public enum SyncMode {
    /// skip them: for cleaning
    NONE,
    /// wait for them and write them again if dirty: for data integrity
    ALL
  }

  /// What a flusher thread does with one file.
  @Models(
      file = "fs/fs-writeback.c",
      function = "writeback_single_inode",
      leavesOut = "inode states, metadata, choosing inodes")
  public void writeback(Current me, FileData file) {
    filemapFdatawrite(me, file, 0, file.maxPages(), SyncMode.NONE);
  }

  /// Starts to write the dirty ones of pages `from` … `to`-1.
  @Models(
      file = "mm/filemap.c",
      function = "__filemap_fdatawrite_range",
      leavesOut = "the look at the dirty tag before anything else")
  public void filemapFdatawrite(Current me, FileData file, int from, int to, SyncMode mode) {
    if (file.is(FileData.Kind.DISK)) {
      writeCachePages(me, file, from, to, mode);
    }
  }

  /// Linux finds pages by the tree's dirty tag, which stays on until the page is under writeback;
  /// here every cached page is locked and looked at.
  @Models(
      file = "mm/page-writeback.c",
      function = "write_cache_pages",
      leavesOut = "dirty tags, congestion, quotas of pages")
  private void writeCachePages(Current me, FileData file, int from, int to, SyncMode mode) {
    steps.run(
        "write_cache_pages",
        () ->
            steps.each(
                from,
                Math.min(to, file.maxPages()),
                index ->
                    pageCache
                        .findGetPage(file, index)
                        .ifPresent(folio -> writeCachePage(me, file, folio, index, mode))));
  }

  private void writeCachePage(
      Current me, FileData file, Folio folio, int index, SyncMode mode) {
    folio.lock().lock();
    if (prepare(me, file, folio, mode)) {
      endOfFile.zeroBeforeWriting(file, folio, index);
      writePage(file, folio, index, () -> data.folios().put(folio));
    } else {
      folio.lock().unlock();
      data.folios().put(folio);
    }
  }

  @Models(file = "mm/page-writeback.c", function = "folio_prepare_writeback")
  private boolean prepare(Current me, FileData file, Folio folio, SyncMode mode) {
    return steps.scope(
        () -> {
          if (!pageCache.isIn(file, folio)
              || !steps.recheck("folio_dirty", () -> folio.flags().test(Folio.DIRTY))) {
            return false;
          }
          if (!steps.recheck("no_writeback", () -> !folio.flags().test(Folio.WRITEBACK))) {
            if (mode == SyncMode.NONE) {
              return false;
            }
            wait.folioWaitWriteback(steps, folio);
          }
          if (folio.flags().test(Folio.WRITEBACK)) { // BUG_ON(folio_test_writeback(folio))
            throw steps.fail(new Violation("kernel bug", folio + " would be written twice"));
          }
          return clearPageDirtyForIo(me, folio);
        });
  }

  /// Makes a locked page clean, everywhere: from now on a store through any mapping faults first.
  /// Tells whether it was dirty, so that it must be written.
  @Models(
      file = "mm/page-writeback.c",
      function = "folio_clear_dirty_for_io",
      leavesOut = "statistics; buffer heads, to which the dirtiness is pushed down")
  public boolean clearPageDirtyForIo(Current me, Folio folio) {
    return steps.call(
        "clear_page_dirty_for_io",
        () -> {
          folio.lock().assertLocked(); // VM_BUG_ON_FOLIO(!folio_test_locked()), as of v6.1
          if (rmap.pageMkclean(me, folio)) {
            pageCache.setPageDirty(folio);
          }
          return folio.flags().testAndClear(Folio.DIRTY);
        });
  }

  /// Writes a locked page, and unlocks it meanwhile: it is not locked afterwards.
  ///
  /// The disk has no reference to the page: the cache has, which nobody takes it out of while
  /// PG_writeback is set.
  ///
  /// The last step does what the disk and then `folio_end_writeback()` do: while PG_writeback is
  /// set nobody looks at the disk, so whether it has the contents already cannot matter.
  @Models(
      file = "fs/buffer.c",
      function = "block_write_full_folio",
      leavesOut = "buffer heads, errors")
  @Models(file = "mm/page-writeback.c", function = "folio_start_writeback")
  @Models(
      file = "mm/filemap.c",
      function = "folio_end_writeback",
      leavesOut = "its reference, where it is one step here: [WritebackWait]")
  public void writePage(FileData file, Folio folio, int index) {
    writePage(file, folio, index, () -> {});
  }

  /// @param meanwhile what the caller does before the disk is done
  private void writePage(FileData file, Folio folio, int index, Runnable meanwhile) {
    steps.run(
        "writepage",
        () -> {
          folio.flags().set(Folio.WRITEBACK);
          folio.lock().unlock();
          meanwhile.run();
          if (wait.holds()) {
            folio.refcount().add(1);
          }
          steps.atomic(
              "end_page_writeback",
              () -> {
                toDisk(file, folio, index);
                folio.flags().clear(Folio.WRITEBACK);
              });
          wakeUpPage(folio);
        });
  }

  private void wakeUpPage(Folio folio) {
    if (wait.wakesLater()) {
      folio.flags().clear(Folio.WAITERS);
    }
    if (wait.holds()) {
      data.folios().put(folio);
    }
  }

  private void toDisk(FileData file, Folio folio, int index) {
    if (folio.flags().test(Folio.FREED_BLOCKS)) {
      steps.violate(
          new Violation("use after free", folio + " is written to blocks that were freed"));
    }
    data.ground().diskReads(folio.pfn(), file.number(), index);
    data.ground().onDisk(file.number(), index);
    steps.each(
        0,
        file.wordsPerPage(),
        word ->
            file.disk(index, word).write(data.machine().memory().at(folio.pfn(), word).read()));
  }

  /// Waits until none of pages `from` … `to`-1 is under writeback.
  @Models(
      file = "mm/filemap.c",
      function = "filemap_fdatawait_range",
      leavesOut = "errors of the disk")
  public void filemapFdatawait(FileData file, int from, int to) {
    steps.run(
        "filemap_fdatawait_range",
        () ->
            steps.each(
                from, Math.min(to, file.maxPages()), index -> waitIfUnderWriteback(file, index)));
  }

  private void waitIfUnderWriteback(FileData file, int index) {
    var pfn = file.cached(index);
    if (pfn.isEmpty()
        || !data.folios().folio(pfn.get()).flags().test(Folio.WRITEBACK)) {
      return;
    }
    pageCache
        .findGetPage(file, index)
        .ifPresent(
            folio -> {
              wait.folioWaitWriteback(steps, folio);
              data.folios().put(folio);
            });
  }
}
