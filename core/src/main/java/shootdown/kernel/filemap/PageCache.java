package shootdown.kernel.filemap;

import java.util.Optional;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Layout;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// The page cache: which frame holds which page of a file.
public final class PageCache {
  private final KernelData data;
  private final Steps steps;
  private final ShmemSwap shmemSwap;
  private final FaultLock lock;
  private final PunchHole punch;

  public PageCache(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.shmemSwap = new ShmemSwap(data, decisions);
    this.lock = decisions.get(FaultLock.class);
    this.punch = decisions.get(PunchHole.class);
  }

  /// The cached page, with a reference that the caller must put; empty if none is cached, be it on
  /// swap or not. Takes no lock: the page may leave the cache at any moment.
  @Models(
      file = "mm/filemap.c",
      function = "filemap_get_folio",
      leavesOut = "shadow and DAX entries")
  public Optional<Folio> findGetPage(FileData file, int index) {
    return filemapGetEntry(file, index) instanceof CacheEntry.Page(var folio)
        ? Optional.of(folio)
        : Optional.empty();
  }

  /// As [#findGetPage], and tells what is on swap.
  @Models(
      file = "mm/filemap.c",
      function = "filemap_get_entry",
      leavesOut = "shadow and DAX entries")
  CacheEntry filemapGetEntry(FileData file, int index) {
    if (index >= file.maxPages()) {
      return new CacheEntry.None();
    }
    return steps.call(
        "filemap_get_folio", () -> steps.retry("repeat", () -> lookup(file, index)));
  }

  private Turn<Boolean, CacheEntry> lookup(FileData file, int index) {
    long value = file.slot(index).read();
    var pfn = FileData.cachedIn(value);
    if (pfn.isEmpty()) {
      var slot = FileData.swappedIn(value);
      return Turn.done(
          slot.isPresent() ? new CacheEntry.Swapped(slot.getAsInt()) : new CacheEntry.None());
    }
    var folio = data.folios().folio(pfn.get());
    if (!folio.tryGet()) {
      return Turn.again(true);
    }
    if (!steps.recheck("xas_reload", () -> isStill(file, index, folio))) {
      data.folios().put(folio);
      return Turn.again(true);
    }
    return Turn.done(new CacheEntry.Page(folio));
  }

  /// Whether the slot has the page, and the page is part of the same folio: the reference is to
  /// that.
  private boolean isStill(FileData file, int index, Folio folio) {
    return file.slot(index).is(folio.pfn() + 1L) && data.folios().isSame(folio);
  }

  /// How large a folio may be made for a page that is not cached.
  public enum Order {
    ONE_PAGE,
    /// PMD_ORDER, if there is room for it: of shared memory
    HUGE
  }

  /// The page for a page fault: locked, referenced, uptodate and in the cache; empty beyond the end
  /// of the file (SIGBUS). The caller unlocks and puts it, or keeps the reference for its PTE.
  public Optional<Folio> filemapFault(FileData file, int index, Order order) {
    return steps.call(
        "filemap_fault",
        () -> {
          if (isBeyondEnd(file, index)) {
            return Optional.<Folio>empty();
          }
          var folio = faultPage(file, index, order);
          if (steps.recheck("i_size", () -> !isBeyondEnd(file, index))) {
            return Optional.of(folio);
          }
          unlockAndPut(folio);
          return Optional.<Folio>empty();
        });
  }

  /// As [#filemapFault] until v2.6.22: referenced and uptodate, and not locked; that of shared
  /// memory was.
  @Models(file = "mm/filemap.c", function = "filemap_nopage", leavesOut = "read-ahead")
  @Models(file = "mm/shmem.c", function = "shmem_nopage")
  public Optional<Folio> filemapNopage(FileData file, int index) {
    if (isBeyondEnd(file, index)) {
      return Optional.empty();
    }
    return Optional.of(
        file.is(FileData.Kind.SHMEM) ? shmemGetFolio(file, index) : getPage(file, index));
  }

  /// Only a page that must be brought in needs the invalidate_lock: without it, a fault beyond the
  /// new end and a truncation might undo each other's work for ever. Shared memory has other means
  /// to that end: a page that it makes stays locked until it is mapped; see [Hole], too.
  @Models(
      file = "mm/filemap.c",
      function = "filemap_fault",
      leavesOut = "read-ahead, errors of the disk, dropping mmap_lock while it waits")
  @Models(file = "mm/shmem.c", function = "shmem_get_folio_gfp", leavesOut = "limits")
  private Folio faultPage(FileData file, int index, Order order) {
    return steps.scope(
        () -> {
          var found = steps.scope(() -> findLockPage(file, index));
          if (found.isPresent()) {
            return found.get();
          }
          if (file.is(FileData.Kind.SHMEM)) {
            return lockedPage(file, index, order);
          }
          file.invalidateLock().readLock();
          var folio = readPage(file, index);
          file.invalidateLock().readUnlock();
          return folio;
        });
  }

  /// The cached page, locked; empty if there is none, or it has left the cache.
  private Optional<Folio> findLockPage(FileData file, int index) {
    var found = findGetPage(file, index);
    if (found.isPresent() && !lockInCache(file, found.get())) {
      data.folios().put(found.get());
      return Optional.empty();
    }
    return found;
  }

  /// FGP_FOR_MMAP: a page of a file on disk is unlocked while it is read, and locked again.
  private Folio readPage(FileData file, int index) {
    return steps.retry(
        "retry_find",
        () -> {
          var folio = getPage(file, index);
          if (lockInCache(file, folio)) {
            return Turn.done(folio);
          }
          data.folios().put(folio);
          return Turn.again(true);
        });
  }

  /// The page of a file, read or made if it was not cached: locked, referenced, uptodate, and in
  /// the cache as long as it is locked. One that was made is locked since before others find it.
  @Models(
      file = "mm/filemap.c",
      function = "__filemap_get_folio",
      leavesOut = "flags but FGP_LOCK and FGP_CREAT")
  public Folio lockedPage(FileData file, int index) {
    return lockedPage(file, index, Order.ONE_PAGE);
  }

  private Folio lockedPage(FileData file, int index, Order order) {
    return steps.retry("retry_find", () -> lockOrMake(file, index, order));
  }

  private Turn<Boolean, Folio> lockOrMake(FileData file, int index, Order order) {
    return switch (filemapGetEntry(file, index)) {
      case CacheEntry.Page(var folio) -> {
        if (lockInCache(file, folio)) {
          yield Turn.done(folio);
        }
        data.folios().put(folio);
        yield Turn.again(true);
      }
      case CacheEntry.Swapped(int slot) ->
          shmemSwap
              .shmemSwapinFolio(file, index, slot)
              .map(Turn::<Boolean, Folio>done)
              .orElseGet(() -> Turn.again(true));
      case CacheEntry.None _ -> {
        var fresh = allocFolio(file, index, order);
        fresh.lock().lock();
        if (addToPageCache(file, firstIndex(index, fresh), fresh)) {
          yield Turn.done(data.folios().page(fresh, index % fresh.pages()));
        }
        unlockAndPut(fresh);
        yield Turn.again(true);
      }
    };
  }

  /// Locks a referenced page and looks whether it is still in this file's cache; if not, it is
  /// unlocked again.
  public boolean lockInCache(FileData file, Folio folio) {
    folio.lock().lock();
    if (isIn(file, folio)) {
      return true;
    }
    folio.lock().unlock();
    return false;
  }

  /// Whether the page belongs to this file's cache; to be asked with the page locked.
  public boolean isIn(FileData file, Folio folio) {
    return steps.recheck("folio_mapping", () -> folio.mapping().is(mapping(file)));
  }

  /// `folio_unlock()` and `folio_put()`.
  public void unlockAndPut(Folio folio) {
    folio.lock().unlock();
    data.folios().put(folio);
  }

  /// The page for a read: referenced and uptodate, not locked. It is read if it was not cached,
  /// while no truncation goes on, as [PunchHole] says.
  @Models(
      file = "mm/filemap.c",
      function = "filemap_get_pages",
      leavesOut = "read-ahead, waiting for a page that is being read: reading is one step")
  public Folio pageToRead(FileData file, int index) {
    // without huge pages nobody but who has the only references takes a page of shared memory away
    if (data.layout().hasHugePages() && file.is(FileData.Kind.SHMEM)) {
      return shmemGetFolio(file, index);
    }
    return steps.call(
        "filemap_get_pages",
        () ->
            switch (filemapGetEntry(file, index)) {
              case CacheEntry.Page(var folio) -> folio;
              case CacheEntry.Swapped _ -> shmemGetFolio(file, index);
              case CacheEntry.None _ -> {
                if (punch.keepsReadsOut()) {
                  file.invalidateLock().readLock();
                }
                var folio = getPage(file, index);
                if (punch.keepsReadsOut()) {
                  file.invalidateLock().readUnlock();
                }
                yield folio;
              }
            });
  }

  /// As [#pageToRead] of shared memory. It was locked for a moment: whoever replaces it, as a
  /// collapse does, has it locked.
  @Models(
      file = "mm/shmem.c",
      function = "shmem_file_read_iter",
      leavesOut = "that where there is no page none is made, and zeroes are read")
  private Folio shmemGetFolio(FileData file, int index) {
    return steps.call(
        "shmem_get_folio",
        () -> {
          var folio = lockedPage(file, index);
          folio.lock().unlock();
          return folio;
        });
  }

  /// The page of a file, read or made if it was not cached: referenced and uptodate, not locked.
  private Folio getPage(FileData file, int index) {
    return steps.retry(
        "find or create",
        () ->
            switch (filemapGetEntry(file, index)) {
              case CacheEntry.Page(var folio) -> Turn.done(folio);
              case CacheEntry.Swapped _ -> Turn.done(shmemGetFolio(file, index));
              case CacheEntry.None _ -> {
                var fresh = data.folios().alloc();
                if (addToPageCache(file, index, fresh)) {
                  yield Turn.done(fresh);
                }
                data.folios().put(fresh);
                yield Turn.again(true);
              }
            });
  }

  /// A huge folio only where nothing is in any of its slots yet.
  @Models(
      file = "mm/shmem.c",
      function = "shmem_alloc_and_add_folio",
      leavesOut = "accounting; no huge page left, which is a stated limit")
  private Folio allocFolio(FileData file, int index, Order order) {
    int pages = data.layout().ptrsPerPte();
    int first = index / pages * pages;
    boolean huge =
        order == Order.HUGE
            && first + pages <= file.maxPages()
            && steps.scope(() -> !file.isInUse(first, first + pages));
    return huge ? data.folios().allocHuge() : data.folios().alloc();
  }

  /// The page of the file that the first page of the folio is, one of whose pages is `index`.
  private static int firstIndex(int index, Folio folio) {
    return index / folio.pages() * folio.pages();
  }

  /// Makes a fresh folio the cached page `index`, and those after it if it is a huge one, with the
  /// contents that the disk has; tells whether it did: not if another page is cached.
  ///
  /// Linux inserts the page locked and not uptodate, reads, and lets others wait. Here insertion
  /// and reading are one step: nobody can tell, since whoever finds the page could only wait. So is
  /// the look at i_size that tells what is read: truncation, which sets it first, waits for a page
  /// that it finds, as `do_mpage_readpage()` has it locked.
  @Models(
      file = "mm/filemap.c",
      function = "filemap_add_folio",
      leavesOut = "memory cgroups, the LRU, workingset")
  @Models(
      file = "mm/shmem.c",
      function = "shmem_add_to_page_cache",
      leavesOut = "that the references are taken, and dropped again, before the lock")
  @Models(
      file = "fs/mpage.c",
      function = "mpage_read_folio",
      leavesOut = "the time that it takes; errors")
  public boolean addToPageCache(FileData file, int index, Folio fresh) {
    return steps.call(
        "filemap_add_folio",
        () -> {
          file.pagesLock().lock();
          boolean free = steps.recheck("xas_empty", () -> isFree(file, index, fresh.pages()));
          if (free) {
            file.assertPagesLocked();
            fresh.refcount().add(fresh.pages());
            file.pageTree()
                .change(
                    () -> steps.atomically("insert and read", () -> insert(file, index, fresh)));
          }
          file.pagesLock().unlock();
          return free;
        });
  }

  private static boolean isFree(FileData file, int index, int pages) {
    return pages == 1 ? file.slot(index).is(0) : !file.isInUse(index, index + pages);
  }

  private boolean insert(FileData file, int index, Folio fresh) {
    boolean read = !isBeyondEnd(file, index);
    boolean onDisk = file.is(FileData.Kind.DISK);
    fresh.flags().write(onDisk ? Folio.UPTODATE : Folio.UPTODATE | Folio.SWAPBACKED);
    fresh.mapping().write(mapping(file));
    fresh.index().write(index);
    steps.each(
        0, fresh.pages(), i -> insertPage(file, index + i, data.folios().page(fresh, i), read));
    return true;
  }

  private void insertPage(FileData file, int index, Folio page, boolean read) {
    steps.each(
        0,
        file.wordsPerPage(),
        word ->
            data.machine()
                .memory()
                .at(page.pfn(), word)
                .write(read ? file.disk(index, word).read() : 0));
    file.slot(index).write(page.pfn() + 1L);
    data.ground().holdsFilePage(page.pfn(), file.number(), index);
  }

  /// Takes a locked folio, which page `index` is part of, out of the cache and drops the cache's
  /// references: BUG_ON(!folio_test_locked()), as of v6.1; of page_cache_delete() older.
  @Models(
      file = "mm/filemap.c",
      function = "filemap_remove_folio",
      leavesOut = "shadow entries, statistics")
  public void removeFromPageCache(FileData file, Folio folio, int index) {
    steps.run(
        "filemap_remove_folio",
        () -> {
          folio.lock().assertLocked();
          file.pagesLock().lock();
          expectUnmapped(folio);
          delete(file, folio, index);
          file.pagesLock().unlock();
          data.folios().put(folio, folio.pages());
        });
  }

  /// `VM_BUG_ON_FOLIO(folio_mapped(folio))` in `filemap_unaccount_folio()`; there since nobody maps
  /// a page that he has not locked.
  private void expectUnmapped(Folio folio) {
    if (lock == FaultLock.LOCKED && data.folios().isMapped(folio)) {
      throw steps.fail(
          new Violation("kernel bug", folio + " leaves the page cache and is mapped"));
    }
  }

  /// Takes a locked page out of the cache if nobody but the cache and the caller, who has one
  /// reference, uses it, and it is clean; tells whether it did. If so, both references are gone and
  /// the frame is frozen at 0: the caller unlocks it and frees it with
  /// [shootdown.kernel.data.Folios#free].
  @Models(
      file = "mm/vmscan.c",
      function = "remove_mapping",
      leavesOut = "the swap cache, workingset")
  public boolean removeMapping(FileData file, Folio folio, int index) {
    return steps.call(
        "remove_mapping",
        () -> {
          folio.lock().assertLocked(); // BUG_ON(!folio_test_locked()), as of v6.1
          file.pagesLock().lock();
          boolean frozen = folio.refcount().cas("page_ref_freeze", 2, 0);
          boolean removed =
              frozen && steps.recheck("folio_clean", () -> !folio.flags().test(Folio.DIRTY));
          if (removed) {
            delete(file, folio, index);
          } else if (frozen) {
            folio.refcount().write(2);
          }
          file.pagesLock().unlock();
          return removed;
        });
  }

  private void delete(FileData file, Folio folio, int index) {
    file.assertPagesLocked();
    file.pageTree()
        .change(
            () ->
                steps.atomically(
                    "page_cache_delete",
                    () -> {
                      expectClean(file, folio);
                      int first = folio.firstIndex(index);
                      steps.each(
                          first, first + folio.pages(), i -> file.slot(i).write(0));
                      folio.mapping().write(0);
                      return true;
                    }));
  }

  /// `WARN_ON_ONCE(folio_test_dirty())` in `filemap_unaccount_folio()`, as of v6.1, for files that
  /// are written back: what is in the folio would be lost. A warning: Linux goes on. Not before
  /// v2.6.23, where who maps a page may not have locked it.
  private void expectClean(FileData file, Folio folio) {
    boolean warns = lock == FaultLock.LOCKED && file.is(FileData.Kind.DISK);
    if (warns && folio.flags().test(Folio.DIRTY)) {
      steps.violate(
          new Violation("kernel bug", folio + " leaves the page cache and is dirty"));
    }
  }

  /// `filemap_page_mkwrite()`: a shared page of a file on disk is about to become writable: locks
  /// it and marks it dirty; tells whether it is still the file's (if not, it is not locked). The
  /// caller has a reference.
  @Models(
      file = "mm/filemap.c",
      function = "filemap_page_mkwrite",
      leavesOut = "freezing, stable pages, times")
  public boolean filemapPageMkwrite(FileData file, Folio folio) {
    return steps.call(
        "filemap_page_mkwrite",
        () -> {
          boolean locked = lockInCache(file, folio);
          if (locked) {
            setPageDirty(folio);
          }
          return locked;
        });
  }

  /// Marks a page dirty.
  @Models(
      file = "mm/page-writeback.c",
      function = "folio_mark_dirty",
      leavesOut = "the cache's dirty tags, buffer heads")
  public void setPageDirty(Folio folio) {
    folio.flags().set(Folio.DIRTY);
  }

  /// Whether page `index` lies wholly beyond the end of the file, as `i_size_read()` says now.
  public boolean isBeyondEnd(FileData file, int index) {
    return steps.scope(() -> (long) index * Layout.PAGE_SIZE >= file.size().read());
  }

  /// What `folio.mapping` holds for pages of this file.
  public static long mapping(FileData file) {
    return file.number() + 1L;
  }
}
