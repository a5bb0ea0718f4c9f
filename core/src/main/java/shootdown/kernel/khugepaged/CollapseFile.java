package shootdown.kernel.khugepaged;

import java.util.SortedMap;
import java.util.TreeMap;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.rmap.TlbUbc;
import shootdown.kernel.rmap.TryToUnmap;
import shootdown.kernel.rmap.TtuFlags;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// `collapse_file()`: small pages of shared memory become a huge one, in the page cache.
///
/// ```text
/// huge folio allocated, locked -> each small page locked, taken off the LRU, unmapped; nobody else
///   has it -> flushed -> copied -> the huge folio in the cache instead, all slots in one step
///   -> page-table pages retracted -> small pages freed
/// ```
///
/// Until they are freed the small pages stay locked: whoever finds one in the cache waits, and sees
/// then that it is there no more. If one cannot be had, the others are given back; faults map them
/// again.
final class CollapseFile {
  private final KernelData data;
  private final Steps steps;
  private final PageCache pageCache;
  private final TryToUnmap unmap;
  private final RetractPageTables retract;
  private final CollapseHoles holes;

  CollapseFile(KernelData data, Decisions decisions, PageCache pageCache) {
    this.data = data;
    this.steps = data.steps();
    this.pageCache = pageCache;
    this.unmap = new TryToUnmap(data, decisions);
    this.retract = new RetractPageTables(data, decisions);
    this.holes = decisions.get(CollapseHoles.class);
  }

  /// Which pages are to become a huge one.
  ///
  /// @param start the first page of the file
  record Target(FileData file, int start, Initiator by) {}

  /// How far the isolation is.
  ///
  /// @param done pages that were looked at
  /// @param folios those that are isolated, by page: locked, with two references
  /// @param ubc what was unmapped, and is to be flushed
  /// @param result what it has come to
  private record Isolating(
      int done, SortedMap<Integer, Folio> folios, TlbUbc ubc, ScanResult result) {
    Isolating past() {
      return new Isolating(done + 1, folios, ubc, result);
    }

    Isolating with(Folio folio, TlbUbc unmapped) {
      var more = new TreeMap<>(folios);
      more.put(done, folio);
      return new Isolating(done + 1, more, unmapped, result);
    }

    Isolating failed(ScanResult why, TlbUbc unmapped) {
      return new Isolating(done, folios, unmapped, why);
    }
  }

  /// Tells [ScanResult#SUCCEED], or what stood in the way. For madvise() a huge page in the cache
  /// is not the end: [ScanResult#PTE_MAPPED_HUGEPAGE].
  @Models(
      file = "mm/khugepaged.c",
      function = "collapse_file",
      leavesOut = "files on disk, userfaultfd, memory cgroups, errors of memory; that until v6.3"
          + " the small pages were frozen, and the huge folio took their places one by one; that"
          + " until v5.17 they were unmapped by unmap_mapping_pages() (6d9df8a5889c)")
  ScanResult collapseFile(Current me, Target target) {
    return steps.call(
        "collapse_file",
        () -> {
          var huge = data.folios().allocHuge();
          huge.lock().lock(); // nobody else knows it
          var got = isolate(me, target);
          unmap.tryToUnmapFlush(me, got.ubc());
          var result = got.result();
          if (result == ScanResult.SUCCEED) {
            copy(got.folios(), huge);
            result = replace(target, got.folios(), huge);
          }
          if (result != ScanResult.SUCCEED) {
            rollBack(got.folios(), huge);
            return result;
          }
          retract.retractPageTables(me, target.file(), target.start());
          huge.lock().unlock();
          got.folios().values().forEach(this::free);
          return target.by() == Initiator.MADVISE ? ScanResult.PTE_MAPPED_HUGEPAGE : result;
        });
  }

  private Isolating isolate(Current me, Target target) {
    return steps.scope(
        () ->
            steps.<Isolating, Isolating>loop(
                "pages",
                new Isolating(0, new TreeMap<>(), TlbUbc.NONE, ScanResult.SUCCEED),
                at -> {
                  boolean ends =
                      at.done() == data.layout().ptrsPerPte()
                          || at.result() != ScanResult.SUCCEED;
                  return ends ? Turn.done(at) : Turn.again(isolateNext(me, at, target));
                }));
  }

  /// The page of a slot, or why there is none.
  private sealed interface Found {
    record Hole() implements Found {}

    record Failed(ScanResult why) implements Found {}

    /// locked, with a reference
    record Page(Folio folio) implements Found {}
  }

  private Isolating isolateNext(Current me, Isolating at, Target target) {
    return switch (find(target, target.start() + at.done())) {
      case Found.Hole _ -> at.past();
      case Found.Failed(var why) -> at.failed(why, at.ubc());
      case Found.Page(var folio) -> isolatePage(me, at, target, folio);
    };
  }

  private Found find(Target target, int index) {
    return steps.scope(
        () -> {
          var file = target.file();
          file.pagesLock().lock();
          var pfn = file.cached(index);
          if (pfn.isPresent()) {
            var folio = data.folios().folio(pfn.get());
            boolean locked = folio.lock().tryLock();
            if (locked) {
              folio.get();
            }
            file.pagesLock().unlock();
            return locked
                ? new Found.Page(folio)
                : new Found.Failed(ScanResult.PAGE_LOCK);
          }
          boolean swapped = file.isInUse(index, index + 1);
          int end = target.start() + data.layout().ptrsPerPte();
          boolean empty = index == target.start() && !file.isInUse(index, end);
          file.pagesLock().unlock();
          if (swapped) {
            return new Found.Page(pageCache.lockedPage(file, index));
          }
          return empty ? new Found.Failed(ScanResult.TRUNCATED) : new Found.Hole();
        });
  }

  private Isolating isolatePage(Current me, Isolating at, Target target, Folio folio) {
    return steps.scope(
        () -> {
          int index = target.start() + at.done();
          if (!steps.recheck("compound", () -> !folio.isLarge())) {
            boolean whole = folio.firstIndex(index) == target.start();
            return left(
                folio,
                at.failed(
                    whole ? ScanResult.PTE_MAPPED_HUGEPAGE : ScanResult.PAGE_COMPOUND, at.ubc()));
          }
          if (!pageCache.isIn(target.file(), folio)) {
            return left(folio, at.failed(ScanResult.TRUNCATED, at.ubc()));
          }
          if (!data.folios().folioIsolateLru(folio)) {
            return left(folio, at.failed(ScanResult.DEL_PAGE_LRU, at.ubc()));
          }
          var ubc =
              data.folios().isMapped(folio)
                  ? unmap.tryToUnmap(me, folio, at.ubc(), TtuFlags.COLLAPSE)
                  : at.ubc();
          if (isOnlyOurs(target.file(), folio)) {
            return at.with(folio, ubc);
          }
          data.folios().folioPutbackLru(folio);
          return left(folio, at.failed(ScanResult.PAGE_COUNT, ubc));
        });
  }

  /// Whether nobody has a reference but the page cache, and this collapse, which has two.
  private boolean isOnlyOurs(FileData file, Folio folio) {
    return steps.scope(
        () -> {
          file.pagesLock().lock();
          boolean ours = steps.recheck("folio_ref_count", () -> folio.refcount().is(3));
          file.pagesLock().unlock();
          return ours;
        });
  }

  private Isolating left(Folio folio, Isolating failed) {
    pageCache.unlockAndPut(folio);
    return failed;
  }

  private void copy(SortedMap<Integer, Folio> folios, Folio huge) {
    steps.each(
        0,
        huge.pages(),
        i -> {
          var to = data.folios().page(huge, i);
          if (folios.containsKey(i)) {
            data.folios().copy(folios.get(i), to);
          } else if (holes == CollapseHoles.CLEARED) {
            data.folios().clear(data.folios().small(to.pfn()));
          }
        });
  }

  /// Puts the huge folio into the cache, unless a hole was filled meanwhile. The caller's reference
  /// to it becomes one of the cache's.
  private ScanResult replace(Target target, SortedMap<Integer, Folio> folios, Folio huge) {
    var file = target.file();
    boolean holes = folios.size() < huge.pages();
    return steps.scope(
        () -> {
          file.pagesLock().lock();
          boolean free =
              !holes || steps.recheck("nr_none", () -> areHoles(target, folios, huge.pages()));
          if (free) {
            file.assertPagesLocked();
            file.pageTree()
                .change(() -> steps.atomically("xas_store", () -> store(target, huge)));
          }
          file.pagesLock().unlock();
          return free ? ScanResult.SUCCEED : ScanResult.PAGE_FILLED;
        });
  }

  /// Whether as many slots are empty as before.
  private boolean areHoles(Target target, SortedMap<Integer, Folio> folios, int pages) {
    return steps.scope(
        () -> {
          int used = 0;
          for (int i = target.start(); i < target.start() + pages; i++) {
            used += target.file().isInUse(i, i + 1) ? 1 : 0;
          }
          return used == folios.size();
        });
  }

  private boolean store(Target target, Folio huge) {
    huge.flags().write(Folio.UPTODATE | Folio.SWAPBACKED | Folio.DIRTY);
    huge.mapping().write(PageCache.mapping(target.file()));
    huge.index().write(target.start());
    huge.refcount().add(huge.pages() - 1);
    steps.each(
        0,
        huge.pages(),
        i -> {
          int index = target.start() + i;
          target.file().slot(index).write(huge.head() + i + 1L);
          data.ground().holdsFilePage(huge.head() + i, target.file().number(), index);
        });
    return true;
  }

  /// Three references are gone then: the cache's, the isolation's, and our own.
  private void free(Folio folio) {
    folio.mapping().write(0);
    folio.lock().unlock();
    folio.isolated().write(0);
    data.folios().put(folio, 3);
  }

  private void rollBack(SortedMap<Integer, Folio> folios, Folio huge) {
    for (var folio : folios.values()) {
      folio.lock().unlock();
      data.folios().folioPutbackLru(folio);
      data.folios().put(folio);
    }
    huge.lock().unlock();
    data.folios().put(huge);
  }
}
