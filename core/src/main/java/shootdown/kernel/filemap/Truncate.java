package shootdown.kernel.filemap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// ftruncate(2).
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

  public Truncate(KernelData data, PageCache pageCache, UnmapMapping unmap) {
    this.data = data;
    this.steps = data.steps();
    this.pageCache = pageCache;
    this.endOfFile = new EndOfFile(data, pageCache);
    this.unmap = unmap;
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
    data.ground().truncateEnds(file.number(), from);
    file.invalidateLock().unlock();
  }

  @Models(file = "mm/truncate.c", function = "truncate_pagecache")
  private void truncatePagecache(Current me, FileData file, int from) {
    steps.run(
        "truncate_pagecache",
        () -> {
          unmap.unmapMappingPages(me, file, from, file.maxPages(), true);
          truncateInodePages(me, file, from);
          unmap.unmapMappingPages(me, file, from, file.maxPages(), true);
        });
  }

  /// Removes pages `from` … of the file from the cache, waiting for each that is in use.
  @Models(
      file = "mm/truncate.c",
      function = "truncate_inode_pages_range",
      leavesOut = "the first pass, which skips what it would wait for; a second look at all")
  private void truncateInodePages(Current me, FileData file, int from) {
    steps.run(
        "truncate_inode_pages",
        () ->
            steps.each(
                from,
                file.maxPages(),
                index -> steps.retry("find", () -> truncatePage(me, file, index))));
  }

  private Turn<Boolean, Boolean> truncatePage(Current me, FileData file, int index) {
    var found = pageCache.findGetPage(file, index);
    if (found.isEmpty()) {
      return Turn.done(true);
    }
    var folio = found.get();
    folio.lock().lock();
    pageCache.waitOnPageWriteback(folio);
    if (pageCache.isIn(file, folio)) {
      truncateInodeFolio(me, file, folio, index);
    }
    pageCache.unlockAndPut(folio);
    return Turn.again(true);
  }

  @Models(
      file = "mm/truncate.c",
      function = "truncate_inode_folio",
      leavesOut = "private data of the filesystem")
  private void truncateInodeFolio(Current me, FileData file, Folio folio, int index) {
    steps.run(
        "truncate_inode_folio",
        () -> {
          if (!folio.mapcount().is(0)) {
            folio.lock().assertLocked(); // VM_BUG_ON() in unmap_mapping_folio(), since v5.14-rc1
            unmap.unmapMappingPages(me, file, index, index + 1, false);
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
