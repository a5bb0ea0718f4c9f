package shootdown.kernel.filemap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.filemap.Writeback.SyncMode;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Layout;
import shootdown.sched.Steps;

/// posix_fadvise(2), and dropping clean pages.
public final class Fadvise {
  public static final int POSIX_FADV_NORMAL = 0;
  public static final int POSIX_FADV_RANDOM = 1;
  public static final int POSIX_FADV_SEQUENTIAL = 2;
  public static final int POSIX_FADV_WILLNEED = 3;
  public static final int POSIX_FADV_DONTNEED = 4;
  public static final int POSIX_FADV_NOREUSE = 5;

  private final KernelData data;
  private final Steps steps;
  private final PageCache pageCache;
  private final Writeback writeback;
  private final InvalidateCount count;

  public Fadvise(
      KernelData data, Decisions decisions, PageCache pageCache, Writeback writeback) {
    this.data = data;
    this.steps = data.steps();
    this.pageCache = pageCache;
    this.writeback = writeback;
    this.count = decisions.get(InvalidateCount.class);
  }

  /// posix_fadvise(2). Shared memory takes every advice and follows none.
  ///
  /// @param length bytes; 0 means up to the end of the file
  /// @return 0, or -EINVAL for a negative length or an advice that does not exist
  @Models(
      file = "mm/fadvise.c",
      function = "generic_fadvise",
      leavesOut = "hints about read-ahead; draining the LRU's batches and the second pass after it")
  public long posixFadvise(Current me, FileData file, long offset, long length, int advice) {
    if (length < 0 || advice < POSIX_FADV_NORMAL || advice > POSIX_FADV_NOREUSE) {
      return Errno.EINVAL.result();
    }
    if (offset < 0 || !file.is(FileData.Kind.DISK)) {
      return 0;
    }
    long last = length == 0 || offset + length < 0 ? Long.MAX_VALUE : offset + length - 1;
    return steps.call(
        "generic_fadvise",
        () -> {
          if (advice == POSIX_FADV_DONTNEED) {
            dontNeed(me, file, offset, last);
          } else if (advice == POSIX_FADV_WILLNEED) {
            readAhead(file, page(file, offset), page(file, last) + 1);
          }
          return 0L;
        });
  }

  /// Pages that lie in the range only in part are written but stay, except the last of the file.
  private void dontNeed(Current me, FileData file, long offset, long last) {
    writeback.filemapFdatawrite(
        me, file, page(file, offset), page(file, last) + 1, SyncMode.NONE);
    boolean whole = (last + 1) % Layout.PAGE_SIZE == 0 || last == Long.MAX_VALUE;
    int from = page(file, offset + Layout.PAGE_SIZE - 1);
    int to = page(file, last) + (whole || file.size().is(last + 1) ? 1 : 0);
    invalidateMappingPages(file, from, to);
  }

  /// Drops those of pages `from` … `to`-1 that are clean, not under writeback, not mapped, not
  /// locked, and of which nobody has a reference. Never waits for a page.
  @Models(
      file = "mm/truncate.c",
      function = "invalidate_mapping_pages",
      leavesOut = "moving what stays to the end of the LRU")
  public void invalidateMappingPages(FileData file, int from, int to) {
    steps.run(
        "invalidate_mapping_pages",
        () -> steps.each(from, Math.min(to, file.maxPages()), index -> invalidate(file, index)));
  }

  private void invalidate(FileData file, int index) {
    var found = pageCache.findGetPage(file, index);
    if (found.isEmpty()) {
      return;
    }
    var folio = found.get();
    if (!folio.lock().tryLock()) {
      data.folios().put(folio);
      return;
    }
    boolean dropped = false;
    if (count == InvalidateCount.COUNTED) {
      dropped = mappingEvict(file, folio, index);
    } else {
      invalidateCompletePage(file, folio, index);
    }
    folio.lock().unlock();
    if (dropped) {
      data.folios().free(folio);
    } else {
      data.folios().put(folio);
    }
  }

  /// As v2.6.17: the page is removed whoever has references, and not frozen.
  private void invalidateCompletePage(FileData file, Folio folio, int index) {
    boolean unused =
        steps.scope(
            () ->
                pageCache.isIn(file, folio)
                    && !folio.flags().test(Folio.DIRTY | Folio.WRITEBACK)
                    && !data.folios().isMapped(folio));
    if (unused) {
      pageCache.removeFromPageCache(file, folio, index);
    }
  }

  /// Linux counts the references first; remove_mapping() does it again.
  @Models(
      file = "mm/truncate.c",
      function = "mapping_evict_folio",
      leavesOut = "private data of the filesystem, the first count of references")
  private boolean mappingEvict(FileData file, Folio folio, int index) {
    return steps.scope(
        () ->
            pageCache.isIn(file, folio)
                && steps.recheck(
                    "clean", () -> !folio.flags().test(Folio.DIRTY | Folio.WRITEBACK))
                && pageCache.removeMapping(file, folio, index));
  }

  /// Reads pages `from` … `to`-1, as far as the file has them.
  @Models(
      file = "mm/readahead.c",
      function = "force_page_cache_readahead",
      leavesOut = "that it goes on when the system call has returned")
  private void readAhead(FileData file, int from, int to) {
    steps.each(
        from,
        Math.min(to, file.maxPages()),
        index -> {
          if (!pageCache.isBeyondEnd(file, index)) {
            data.folios().put(pageCache.pageToRead(file, index));
          }
        });
  }

  /// The page of a byte, no more than the file can have.
  private static int page(FileData file, long offset) {
    return (int) Math.min(offset / Layout.PAGE_SIZE, file.maxPages());
  }
}
