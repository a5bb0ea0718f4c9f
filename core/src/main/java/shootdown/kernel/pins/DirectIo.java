package shootdown.kernel.pins;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.filemap.Writeback;
import shootdown.kernel.gup.Gup;
import shootdown.kernel.gup.GupFast;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.swap.SwpExclusive;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// pread(2) of a file that is open with O_DIRECT: the disk writes to the pages of the user's
/// buffer, which are pinned meanwhile.
public final class DirectIo {
  /// Offsets and lengths are multiples of a block of the disk. So were buffers before v6.0; since
  /// bf8d08532bc1 most disks take any that is a multiple of a word, as here.
  private static final int BLOCK = 512;

  private final KernelData data;
  private final Steps steps;
  private final Writeback writeback;
  private final Gup gup;
  private final GupFast gupFast;
  private final PinnedWrite pinned;
  private final SwpExclusive exclusiveMark;
  private final int flags;

  public DirectIo(
      KernelData data, Decisions decisions, Writeback writeback, Gup gup, GupFast gupFast) {
    this.data = data;
    this.steps = data.steps();
    this.writeback = writeback;
    this.gup = gup;
    this.gupFast = gupFast;
    this.pinned = new PinnedWrite(data);
    this.exclusiveMark = decisions.get(SwpExclusive.class);
    this.flags =
        decisions.get(DirectIoPins.class).flag() | Gup.FOLL_WRITE | Gup.FOLL_NOTED;
  }

  /// Reads `count` bytes from byte `offset` of the file on to address `buffer`. What lies beyond
  /// the end of the file is 0 there, and does not count.
  ///
  /// @return the number of bytes before the end of the file; -EINVAL for what is not aligned,
  ///     though Linux takes it where the file has a hole; -EFAULT if a page of the buffer cannot be
  ///     written
  @Models(
      file = "fs/iomap/direct-io.c",
      function = "iomap_dio_rw",
      leavesOut = "asynchronous I/O, holes, errors of the disk")
  @Models(file = "mm/filemap.c", function = "kiocb_write_and_wait")
  public long read(Current me, FileData file, long buffer, long count, long offset) {
    long end = count == 0 ? 0 : steps.scope(() -> Math.max(0, file.size().read() - offset));
    if (end == 0 || ((count | offset) & (BLOCK - 1)) != 0) {
      return end == 0 ? 0 : Errno.EINVAL.result();
    }
    notReserved(file, offset + count);
    return steps.call(
        "iomap_dio_rw",
        () -> {
          file.inodeLock().readLock();
          int from = (int) (offset / Layout.PAGE_SIZE);
          int to = (int) ((offset + count + Layout.PAGE_SIZE - 1) / Layout.PAGE_SIZE);
          writeback.filemapFdatawrite(me, file, from, to, Writeback.SyncMode.ALL);
          writeback.filemapFdatawait(file, from, to);
          long bytes = steps.scope(() -> Math.clamp(file.size().read() - offset, 0, count));
          long result =
              steps.loop(
                  "pages",
                  0L,
                  done ->
                      done == count
                          ? Turn.done(bytes)
                          : readPage(me, file, buffer, offset, new Part(done, count)));
          file.inodeLock().readUnlock();
          return result;
        });
  }

  /// Since v6.16 a buffered write reserves blocks for all that it is to write; those that it does
  /// not come to stay reserved beyond the end of the file, and a direct read that meets them is
  /// -EIO: "Direct I/O collision with buffered writes".
  private void notReserved(FileData file, long end) {
    boolean meets =
        steps.scope(
            () ->
                !file.reserved().is(0)
                    && (end - 1) / Layout.PAGE_SIZE > (file.size().read() - 1) / Layout.PAGE_SIZE);
    if (meets) {
      throw steps.fail(
          new Violation(
              Machine.LIMIT,
              "a direct read beyond the end of a file, behind a write that faulted"));
    }
  }

  /// How far a read is.
  ///
  /// @param done bytes that were read
  /// @param count bytes that are wanted
  private record Part(long done, long count) {}

  /// Reads up to the end of a page of the buffer, or of the file.
  private Turn<Long, Long> readPage(
      Current me, FileData file, long buffer, long offset, Part part) {
    long to = buffer + part.done();
    long from = offset + part.done();
    long inPages =
        Layout.PAGE_SIZE - Math.max(to % Layout.PAGE_SIZE, from % Layout.PAGE_SIZE);
    long bytes = Math.min(inPages, part.count() - part.done());
    int vpn = (int) (to / Layout.PAGE_SIZE);
    long pfn =
        to < 0 || to / Layout.PAGE_SIZE >= data.layout().pages()
            ? Errno.EFAULT.result()
            : gupFast.getUserPagesFast(me, vpn, flags);
    if (pfn < 0) {
      return Turn.done(pfn);
    }
    var folio = data.folios().folio((int) pfn);
    if (folio.mapping().is(PageCache.mapping(file))) {
      throw steps.fail(new Violation(Machine.LIMIT, "direct I/O of a file to its own mapping"));
    }
    pinned.setPageDirtyLock(folio);
    dma(me, file, from, folio, to, (int) (bytes / Layout.WORD_SIZE));
    release(folio);
    return Turn.again(part.done() + bytes);
  }

  /// The disk's transfer, a word at a time.
  private void dma(Current me, FileData file, long from, Folio folio, long to, int words) {
    int index = (int) (from / Layout.PAGE_SIZE);
    int first = (int) (from % Layout.PAGE_SIZE / Layout.WORD_SIZE);
    int target = (int) (to % Layout.PAGE_SIZE / Layout.WORD_SIZE);
    int modelled = data.machine().memory().wordsPerPage();
    steps.each(
        0,
        Math.min(words, modelled),
        i ->
            pinned.word(
                "DMA",
                folio.pfn(),
                me.mm(),
                target + i,
                index < file.maxPages() && first + i < modelled
                    ? file.disk(index, first + i).read()
                    : 0));
  }

  @Models(
      file = "block/bio.c",
      function = "bio_check_pages_dirty",
      leavesOut = "that a worker does it")
  private void release(Folio folio) {
    if (!folio.flags().test(Folio.DIRTY)) {
      pinned.setPageDirtyLock(folio);
    }
    expectExclusive(folio);
    gup.put(folio, flags);
  }

  /// `sanity_check_pinned_pages()` in `unpin_user_page()`, since v5.19-rc1: an anonymous page was
  /// its address space's alone when it was pinned, and stays that; of a huge page, the head may
  /// say so for all. The run goes on, to show what comes of it.
  private void expectExclusive(Folio folio) {
    if ((flags & Gup.FOLL_PIN) == 0 || !exclusiveMark.remembers()) {
      return;
    }
    steps.run(
        "sanity_check_pinned_pages",
        () -> {
          if (folio.isAnon() && !isExclusive(folio)) {
            steps.violate(new Violation("kernel bug", folio + " is pinned and may be shared"));
          }
        });
  }

  private boolean isExclusive(Folio folio) {
    return folio.pageFlags().test(Folio.ANON_EXCLUSIVE)
        || folio.isLarge()
            && data.folios().page(folio, 0).pageFlags().test(Folio.ANON_EXCLUSIVE);
  }
}
