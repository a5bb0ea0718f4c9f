package shootdown.kernel.filemap;

import java.util.Optional;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.machine.Layout;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// The page cache: which frame holds which page of a file.
public final class PageCache {
  private final KernelData data;
  private final Steps steps;

  public PageCache(KernelData data) {
    this.data = data;
    this.steps = data.steps();
  }

  /// The cached page, with a reference that the caller must put; empty if none is cached. Takes no
  /// lock: the page may leave the cache at any moment.
  @Models(
      file = "mm/filemap.c",
      function = "filemap_get_folio",
      leavesOut = "shadow and DAX entries, folios of several pages")
  public Optional<Folio> findGetPage(FileData file, int index) {
    if (index >= file.maxPages()) {
      return Optional.empty();
    }
    return steps.call(
        "filemap_get_folio", () -> steps.retry("repeat", () -> lookup(file, index)));
  }

  private Turn<Boolean, Optional<Folio>> lookup(FileData file, int index) {
    var pfn = file.cached(index);
    if (pfn.isEmpty()) {
      return Turn.done(Optional.empty());
    }
    var folio = data.folios().folio(pfn.get());
    if (!folio.tryGet()) {
      return Turn.again(true);
    }
    if (!steps.recheck("xas_reload", () -> file.slot(index).is(folio.pfn() + 1L))) {
      data.folios().put(folio);
      return Turn.again(true);
    }
    return Turn.done(Optional.of(folio));
  }

  /// The page for a page fault: locked, referenced, uptodate and in the cache; empty beyond the end
  /// of the file (SIGBUS). The caller unlocks and puts it, or keeps the reference for its PTE.
  public Optional<Folio> filemapFault(FileData file, int index) {
    return steps.call(
        "filemap_fault",
        () -> {
          if (isBeyondEnd(file, index)) {
            return Optional.<Folio>empty();
          }
          var folio = faultPage(file, index);
          if (steps.recheck("i_size", () -> !isBeyondEnd(file, index))) {
            return Optional.of(folio);
          }
          unlockAndPut(folio);
          return Optional.<Folio>empty();
        });
  }

  /// Only a page that must be brought in needs the invalidate_lock: without it, a fault beyond the
  /// new end and a truncation might undo each other's work for ever. (Shared memory has other means
  /// to that end: it looks at the size again, and removes what it made too late.)
  @Models(
      file = "mm/filemap.c",
      function = "filemap_fault",
      leavesOut = "read-ahead, errors of the disk, dropping mmap_lock while it waits")
  @Models(file = "mm/shmem.c", function = "shmem_fault", leavesOut = "swap, hole punching")
  private Folio faultPage(FileData file, int index) {
    return steps.scope(
        () -> {
          var found = findGetPage(file, index);
          if (found.isPresent()) {
            if (lockInCache(file, found.get())) {
              return found.get();
            }
            data.folios().put(found.get());
          }
          file.invalidateLock().readLock();
          var folio = lockedPage(file, index);
          file.invalidateLock().readUnlock();
          return folio;
        });
  }

  /// The page of a file, read or made if it was not cached: locked, referenced, uptodate, and in
  /// the cache as long as it is locked.
  @Models(
      file = "mm/filemap.c",
      function = "__filemap_get_folio",
      leavesOut = "flags but FGP_LOCK and FGP_CREAT")
  public Folio lockedPage(FileData file, int index) {
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
  /// while no truncation goes on.
  @Models(
      file = "mm/filemap.c",
      function = "filemap_get_pages",
      leavesOut = "read-ahead, waiting for a page that is being read: reading is one step")
  public Folio pageToRead(FileData file, int index) {
    return steps.call(
        "filemap_get_pages",
        () -> {
          var found = findGetPage(file, index);
          if (found.isPresent()) {
            return found.get();
          }
          file.invalidateLock().readLock();
          var folio = getPage(file, index);
          file.invalidateLock().readUnlock();
          return folio;
        });
  }

  /// The page of a file, read or made if it was not cached: referenced and uptodate, not locked.
  private Folio getPage(FileData file, int index) {
    return steps.retry(
        "find or create",
        () -> {
          var found = findGetPage(file, index);
          if (found.isPresent()) {
            return Turn.done(found.get());
          }
          var fresh = data.folios().alloc();
          if (addToPageCache(file, index, fresh)) {
            return Turn.done(fresh);
          }
          data.folios().put(fresh);
          return Turn.again(true);
        });
  }

  /// Makes a fresh frame the cached page `index`, with the contents that the disk has; tells
  /// whether it did: not if another page is cached.
  ///
  /// Linux inserts the page locked and not uptodate, reads, and lets others wait. Here insertion
  /// and reading are one step: nobody can tell, since whoever finds the page could only wait. What
  /// lies before the end of the file, and so is read, is known before, as in `do_mpage_readpage()`.
  @Models(
      file = "mm/filemap.c",
      function = "filemap_add_folio",
      leavesOut = "memory cgroups, the LRU, workingset")
  @Models(
      file = "fs/mpage.c",
      function = "mpage_read_folio",
      leavesOut = "the time that it takes; errors")
  public boolean addToPageCache(FileData file, int index, Folio fresh) {
    return steps.call(
        "filemap_add_folio",
        () -> {
          file.pagesLock().lock();
          boolean free = steps.recheck("xas_empty", () -> file.slot(index).is(0));
          if (free) {
            file.assertPagesLocked();
            fresh.get();
            boolean read = !isBeyondEnd(file, index);
            file.pageTree()
                .change(
                    () ->
                        steps.atomically(
                            "insert and read", () -> insert(file, index, fresh, read)));
          }
          file.pagesLock().unlock();
          return free;
        });
  }

  private boolean insert(FileData file, int index, Folio fresh, boolean read) {
    boolean onDisk = file.is(FileData.Kind.DISK);
    steps.each(
        0,
        file.wordsPerPage(),
        word ->
            data.machine()
                .memory()
                .at(fresh.pfn(), word)
                .write(read ? file.disk(index, word).read() : 0));
    fresh.flags().write(
        onDisk ? Folio.UPTODATE : Folio.UPTODATE | Folio.DIRTY | Folio.SWAPBACKED);
    fresh.mapping().write(mapping(file));
    fresh.index().write(index);
    file.slot(index).write(fresh.pfn() + 1L);
    data.ground().holdsFilePage(fresh.pfn(), file.number(), index);
    return true;
  }

  /// Takes a locked page out of the cache and drops the cache's reference:
  /// BUG_ON(!folio_test_locked()), as of v6.1; of page_cache_delete() older.
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
          delete(file, folio, index);
          file.pagesLock().unlock();
          data.folios().put(folio);
        });
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
                      file.slot(index).write(0);
                      folio.mapping().write(0);
                      return true;
                    }));
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

  /// Waits until the page is not being written to disk.
  @Models(file = "mm/page-writeback.c", function = "folio_wait_writeback")
  public void waitOnPageWriteback(Folio folio) {
    folio.flags().await(Folio.WRITEBACK, 0);
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
