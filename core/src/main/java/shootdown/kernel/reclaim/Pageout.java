package shootdown.kernel.reclaim;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.filemap.ShmemSwap;
import shootdown.kernel.filemap.Writeback;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.swap.SwapCache;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// Writes a page that nothing maps any more to where it came from, or to swap, and takes it out of
/// its cache.
final class Pageout {
  private final KernelData data;
  private final Steps steps;
  private final PageCache pageCache;
  private final Writeback writeback;
  private final SwapCache swapCache;
  private final ShmemSwap shmemSwap;

  Pageout(KernelData data, Decisions decisions, PageCache pageCache, Writeback writeback) {
    this.data = data;
    this.steps = data.steps();
    this.pageCache = pageCache;
    this.writeback = writeback;
    this.swapCache = new SwapCache(data);
    this.shmemSwap = new ShmemSwap(data, decisions);
  }

  /// Freezes a locked page that nobody else uses, and takes it out of its cache; tells whether it
  /// did.
  boolean removeMapping(Folio folio) {
    return steps.scope(
        () -> {
          if (folio.flags().test(Folio.SWAPCACHE)) {
            return swapCache.removeMapping(folio);
          }
          long mapping = folio.mapping().read();
          if (Folio.isAnon(mapping)) {
            return !folio.flags().test(Folio.SWAPBACKED)
                && folio.refcount().cas("page_ref_freeze", 1, 0);
          }
          return steps.recheck("mapping", () -> mapping != 0)
              && pageCache.removeMapping(fileOf(mapping), folio, (int) folio.index().read());
        });
  }

  private FileData fileOf(long mapping) {
    if (mapping == 0) {
      throw steps.fail(new Violation("kernel bug", "an oops: mapping is NULL"));
    }
    return data.file((int) mapping - 1);
  }

  /// Writes a locked dirty page; tells whether it is clean and locked again. If not it is not
  /// locked.
  @Models(file = "mm/vmscan.c", function = "pageout", leavesOut = "errors")
  boolean pageout(Current me, Folio folio) {
    return steps.call(
        "pageout",
        () -> {
          if (!steps.recheck("is_page_cache_freeable", () -> folio.refcount().is(2))) {
            folio.lock().unlock();
            return false;
          }
          if (folio.flags().test(Folio.SWAPCACHE)) {
            folio.flags().clear(Folio.DIRTY); // no PTE maps it, and the folio lock keeps it so
            swapCache.swapWritepage(folio);
            return lockClean(folio);
          }
          long mapping = folio.mapping().read();
          if (mapping == 0 || Folio.isAnon(mapping)) {
            folio.lock().unlock();
            return false;
          }
          return writepage(me, fileOf(mapping), folio);
        });
  }

  private boolean writepage(Current me, FileData file, Folio folio) {
    boolean shmem = file.is(FileData.Kind.SHMEM); // !mapping_can_writeback()
    boolean dirty =
        shmem
            ? folio.flags().testAndClear(Folio.DIRTY)
            : writeback.clearPageDirtyForIo(me, folio);
    if (!dirty) {
      return true;
    }
    int index = (int) folio.index().read();
    if (shmem) {
      shmemSwap.shmemWriteout(file, folio, index);
    } else {
      writeback.writePage(file, folio, index);
    }
    return lockClean(folio);
  }

  /// What the folio belongs to may be another by now, or nothing: [#removeMapping] looks again.
  private boolean lockClean(Folio folio) {
    if (!folio.lock().tryLock()) {
      return false;
    }
    boolean clean =
        steps.recheck("clean", () -> !folio.flags().test(Folio.DIRTY | Folio.WRITEBACK));
    if (!clean) {
      folio.lock().unlock();
    }
    return clean;
  }
}
