package shootdown.kernel.filemap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.Zap;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// ftruncate(2), and holes that are made in files.
///
/// Under i_rwsem and invalidate_lock:
///
/// ```text
/// i_size shrinks            faults beyond it get SIGBUS, reads nothing
/// unmap the pages           no PTE is left, but for faults that looked at i_size before
/// remove them, each locked  waits for such faults, and unmaps what they mapped
/// unmap again               private copies that were made meanwhile
/// free the disk's blocks    what is read later, if the file grows, is zero
/// ```
public final class Truncate {
  private final KernelData data;
  private final Steps steps;
  private final PageCache pageCache;
  private final EndOfFile endOfFile;
  private final UnmapMapping unmap;
  private final TruncatePartial partial;
  private final Hole hole;
  private final HoleRescan rescan;
  private final ShmemSwap shmemSwap;
  private final FaultLock lock;
  private final UndoRange undo;
  private final PunchHole punch;
  private final HoleUnmap holeUnmap;
  private final WritebackWait wait;

  public Truncate(
      KernelData data, Decisions decisions, PageCache pageCache, UnmapMapping unmap) {
    this.data = data;
    this.partial = new TruncatePartial(data, decisions, pageCache);
    this.rescan = decisions.get(HoleRescan.class);
    this.steps = data.steps();
    this.pageCache = pageCache;
    this.endOfFile = new EndOfFile(data, pageCache);
    this.unmap = unmap;
    this.hole = new Hole(decisions);
    this.shmemSwap = new ShmemSwap(data, decisions);
    this.undo = decisions.get(UndoRange.class);
    this.wait = decisions.get(WritebackWait.class);
    this.holeUnmap = decisions.get(HoleUnmap.class);
    this.punch = decisions.get(PunchHole.class);
    this.lock = decisions.get(FaultLock.class);
  }

  /// ftruncate(2).
  ///
  /// @param length the new size, in bytes: whole words, or a stated limit
  /// @return 0, or -EINVAL for a negative length
  @Models(
      file = "fs/open.c",
      function = "do_truncate",
      leavesOut = "times, rights, leases")
  @Models(
      file = "mm/truncate.c",
      function = "truncate_setsize",
      leavesOut = "pagecache_isize_extended()")
  public long ftruncate(Current me, FileData file, long length) {
    if (length < 0) {
      return Errno.EINVAL.result();
    }
    FileIo.mayBeAsLarge(steps, file, length);
    if (length % Layout.WORD_SIZE != 0) {
      throw steps.fail(new Violation(Machine.LIMIT, "ftruncate to a part of a word"));
    }
    return steps.call(
        "do_truncate",
        () -> {
          file.inodeLock().lock();
          boolean shrinks = steps.scope(() -> length <= file.size().read());
          if (shrinks) {
            shrink(me, file, length);
          } else {
            endOfFile.extendTo(file, length);
            file.size().write(length);
          }
          file.inodeLock().unlock();
          return 0L;
        });
  }

  private void shrink(Current me, FileData file, long length) {
    int from = (int) ((length + Layout.PAGE_SIZE - 1) / Layout.PAGE_SIZE);
    data.ground().truncateBegins(file.number(), from);
    file.invalidateLock().lock();
    endOfFile.zeroTail(file, length);
    file.size().write(length);
    truncatePagecache(me, file, from);
    steps.atomic("free blocks", () -> steps.each(from, file.maxPages(), i -> zero(file, i)));
    steps.atomic(
        "truncate ends",
        () -> {
          data.ground().truncateEnds(file.number(), from);
          kept(file, from, file.maxPages());
        });
    file.invalidateLock().unlock();
  }

  /// Makes pages `from` … `to`-1 of shared memory a hole: they read as zero from then on. Private
  /// copies stay.
  @Models(
      file = "mm/shmem.c",
      function = "shmem_fallocate",
      leavesOut = "all but holes of whole pages")
  public void punchHole(Current me, FileData file, int from, int to) {
    steps.run(
        "shmem_fallocate",
        () -> {
          file.inodeLock().lock();
          data.ground().punchBegins(file.number(), from, to);
          hole.begins(file, from, to);
          unmapPages(me, file, from, to, Zap.Details.FILE_PAGES);
          truncateInodePages(me, file, new Range(from, to), rescan);
          if (holeUnmap == HoleUnmap.BEFORE_AND_AFTER) {
            unmapPages(me, file, from, to, Zap.Details.FILE_PAGES);
          }
          steps.atomic(
              "punch ends",
              () -> {
                data.ground().punchEnds(file.number(), from, to);
                kept(file, from, to);
              });
          hole.ends(file);
          file.inodeLock().unlock();
        });
  }

  /// Makes pages `from` … `to`-1 of a file on disk a hole: they read as zero from then on. Private
  /// copies stay. The caller has had them written.
  @Models(
      file = "fs/ext4/inode.c",
      function = "ext4_punch_hole",
      leavesOut = "holes that begin or end in a page; journalling; that nothing is done beyond the"
          + " end of the file; a second look at the pages that were removed")
  public void punchDiskHole(Current me, FileData file, int from, int to) {
    steps.run(
        "ext4_punch_hole",
        () -> {
          file.inodeLock().lock();
          data.ground().punchBegins(file.number(), from, to);
          if (punch.keepsFaultsOut()) {
            file.invalidateLock().lock();
          }
          truncatePagecacheRange(me, file, from, to);
          steps.atomic("free blocks", () -> steps.each(from, to, i -> freeBlocks(file, i)));
          if (punch == PunchHole.TWICE) {
            truncatePagecacheRange(me, file, from, to);
          }
          data.ground().punchEnds(file.number(), from, to);
          if (punch.keepsFaultsOut()) {
            file.invalidateLock().unlock();
          }
          file.inodeLock().unlock();
        });
  }

  /// What is cached by now goes on to use them.
  private void freeBlocks(FileData file, int index) {
    zero(file, index);
    file.cached(index).ifPresent(pfn -> data.folios().folio(pfn).flags().set(Folio.FREED_BLOCKS));
  }

  @Models(file = "mm/truncate.c", function = "truncate_pagecache_range")
  private void truncatePagecacheRange(Current me, FileData file, int from, int to) {
    unmapPages(me, file, from, to, Zap.Details.FILE_PAGES);
    truncateInodePages(me, file, new Range(from, to), HoleRescan.ONCE);
  }

  /// What is cached still is part of a huge folio that could not be split, and zeroed.
  private void kept(FileData file, int from, int to) {
    if (!data.layout().hasHugePages()) {
      return;
    }
    steps.each(
        from,
        to,
        index ->
            file.cached(index)
                .ifPresent(pfn -> data.ground().holdsFilePage(pfn, file.number(), index)));
  }

  @Models(file = "mm/truncate.c", function = "truncate_pagecache")
  private void truncatePagecache(Current me, FileData file, int from) {
    steps.run(
        "truncate_pagecache",
        () -> {
          int end = file.maxPages();
          unmapPages(me, file, from, end, Zap.Details.EVEN_COWS);
          truncateInodePages(me, file, new Range(from, end), HoleRescan.UNTIL_GONE);
          unmapPages(me, file, from, end, Zap.Details.EVEN_COWS);
        });
  }

  /// Faults that do not lock the page find out by the count, as of v2.6.22.
  private void unmapPages(
      Current me, FileData file, int from, int to, Zap.Details details) {
    if (lock == FaultLock.UNLOCKED) {
      file.truncateCount().add(1);
    }
    unmap.unmapMappingPages(me, file, from, to, details);
  }

  /// Removes pages `from` … `to`-1 of the file from the cache, waiting for each that is in use.
  @Models(
      file = "mm/truncate.c",
      function = "truncate_inode_pages_range",
      leavesOut = "the first pass, which skips what it would wait for; a second look at all")
  @Models(file = "mm/shmem.c", function = "shmem_undo_range", leavesOut = "likewise")
  private void truncateInodePages(
      Current me, FileData file, Range range, HoleRescan again) {
    steps.run(
        "truncate_inode_pages",
        () -> {
          boolean ends = undo == UndoRange.ALL && file.is(FileData.Kind.SHMEM);
          var left = ends && data.layout().hasHugePages() ? cutEnds(me, file, range) : range;
          steps.each(
              left.from(),
              left.to(),
              index -> steps.retry("find", () -> truncatePage(me, file, index, left, again)));
        });
  }

  /// Splits the huge folios at both ends of the range, which lie partly in it. Tells what is to be
  /// removed then: no page of one that could not be split.
  private Range cutEnds(Current me, FileData file, Range range) {
    if (range.from() >= range.to()) {
      return range;
    }
    var left = cut(me, file, range, range.from());
    return left.to() < range.to() || left.from() >= range.to()
        ? left
        : cut(me, file, left, range.to() - 1);
  }

  /// Splits the huge folio that page `index` of the file is part of, if only a part of it lies in
  /// the range.
  private Range cut(Current me, FileData file, Range range, int index) {
    var found = pageCache.findGetPage(file, index);
    if (found.isEmpty()) {
      return range;
    }
    var folio = found.get();
    folio.lock().lock();
    int first = folio.firstIndex(index);
    int end = first + folio.pages();
    boolean part = first < range.from() || range.to() < end;
    boolean stays =
        part
            && pageCache.isIn(file, folio)
            && !partial.truncate(me, folio, range.from() - first, range.to() - first);
    pageCache.unlockAndPut(data.folios().folio(folio.pfn()));
    if (!stays) {
      return range;
    }
    return index == range.from()
        ? new Range(end, end <= range.to() ? range.to() : first)
        : new Range(range.from(), first);
  }

  /// Pages that are removed.
  private record Range(int from, int to) {}

  private Turn<Boolean, Boolean> truncatePage(
      Current me, FileData file, int index, Range range, HoleRescan again) {
    return switch (pageCache.filemapGetEntry(file, index)) {
      case CacheEntry.Page(var folio) -> truncateFound(me, file, index, folio, range, again);
      case CacheEntry.Swapped(int slot) ->
          shmemSwap.shmemFreeSwap(file, index, slot) && again == HoleRescan.ONCE
              ? Turn.done(true)
              : Turn.again(true);
      case CacheEntry.None _ -> Turn.done(true);
    };
  }

  private Turn<Boolean, Boolean> truncateFound(
      Current me, FileData file, int index, Folio folio, Range range, HoleRescan again) {
    folio.lock().lock();
    wait.folioWaitWriteback(steps, folio);
    boolean lookAgain = true;
    if (pageCache.isIn(file, folio)) {
      int first = folio.firstIndex(index);
      if (undo == UndoRange.ALL
          || range.from() <= first && first + folio.pages() <= range.to()) {
        truncateInodeFolio(me, file, folio, index);
        lookAgain = again == HoleRescan.UNTIL_GONE;
      } else {
        // once for each folio
        lookAgain =
            index == Math.max(range.from(), first)
                && partial.truncate(me, folio, range.from() - first, range.to() - first);
      }
    }
    pageCache.unlockAndPut(data.folios().folio(folio.pfn()));
    return lookAgain ? Turn.again(true) : Turn.done(true);
  }

  @Models(
      file = "mm/truncate.c",
      function = "truncate_inode_folio",
      leavesOut = "private data of the filesystem")
  private void truncateInodeFolio(Current me, FileData file, Folio folio, int index) {
    steps.run(
        "truncate_inode_folio",
        () -> {
          boolean unmapped =
              lock == FaultLock.UNLOCKED
                  || steps.recheck("folio_mapped", () -> !data.folios().isMapped(folio));
          if (!unmapped) {
            folio.lock().assertLocked(); // VM_BUG_ON() in unmap_mapping_folio(), since v5.14-rc1
            int first = folio.firstIndex(index);
            unmapPages(
                me, file, first, first + folio.pages(), Zap.Details.SINGLE_FOLIO);
          }
          folio.flags().clear(Folio.DIRTY);
          pageCache.removeFromPageCache(file, folio, index);
        });
  }

  private void zero(FileData file, int index) {
    steps.each(0, file.wordsPerPage(), word -> file.disk(index, word).write(0));
    data.ground().onDisk(file.number(), index);
  }
}
