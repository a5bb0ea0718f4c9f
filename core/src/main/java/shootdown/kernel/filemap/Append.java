package shootdown.kernel.filemap;

import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Layout;
import shootdown.sched.Steps;

/// What a write does to a file that ends before it: the file grows, and what lies between its old
/// end and the write, the gap, is zeroed. [AppendZero] says in which order.
final class Append {
  private final KernelData data;
  private final Steps steps;
  private final PageCache pageCache;
  private final EndOfFile endOfFile;
  private final AppendZero zero;

  Append(KernelData data, Decisions decisions, PageCache pageCache) {
    this.data = data;
    this.steps = data.steps();
    this.pageCache = pageCache;
    this.endOfFile = new EndOfFile(data, pageCache);
    this.zero = decisions.get(AppendZero.class);
  }

  /// A write is about to begin at byte `from`.
  void begins(FileData file, long from) {
    if (zero == AppendZero.FIRST) {
      endOfFile.extendTo(file, from);
    }
  }

  /// It has come from there to `end`-1, which i_size follows.
  ///
  /// @return where the gap begins, for [#zeroGap]; `from` if there is none
  @Models(
      file = "fs/ext4/inode.c",
      function = "ext4_da_do_write_end",
      leavesOut = "i_disksize, delayed allocation, pagecache_isize_extended()")
  long reaches(FileData file, long from, long end) {
    if (zero == AppendZero.FIRST) {
      endOfFile.growTo(file, end);
      return from;
    }
    return steps.atomically(
        "i_size",
        () -> {
          long size = file.size().read();
          eachPart(file, size, from, this::isZero);
          if (end > size) {
            file.size().write(end);
          }
          return size;
        });
  }

  /// The gap is part of the file from now on.
  private void isZero(FileData file, int page, int first, int end) {
    for (int word = first; word < end; word++) {
      data.ground().fileWritten(file.number(), page, word, 0);
    }
  }

  /// Zeroes the gap, which ends at byte `from`, once the page of the write is unlocked.
  @Models(
      file = "fs/ext4/extents.c",
      function = "ext4_zero_partial_blocks",
      leavesOut = "blocks that are not mapped")
  void zeroGap(FileData file, long oldEnd, long from) {
    eachPart(file, oldEnd, from, this::zeroPart);
  }

  private void zeroPart(FileData file, int page, int first, int end) {
    steps.run(
        "ext4_zero_partial_blocks",
        () -> {
          var folio = pageCache.lockedPage(file, page);
          steps.atomic(
              "zero",
              () ->
                  steps.each(
                      first,
                      end,
                      word -> data.machine().memory().at(folio.pfn(), word).write(0)));
          pageCache.setPageDirty(folio);
          pageCache.unlockAndPut(folio);
        });
  }

  /// Words `first` … `end`-1 of a page.
  @FunctionalInterface
  private interface Part {
    void of(FileData file, int page, int first, int end);
  }

  /// The gap's parts of the page that the file ended on, and of that on which the write begins.
  private static void eachPart(FileData file, long oldEnd, long from, Part part) {
    int first = (int) (oldEnd / Layout.PAGE_SIZE);
    int last = (int) (from / Layout.PAGE_SIZE);
    if (from > oldEnd) {
      partOf(file, first, oldEnd, from, part);
    }
    if (last > first) {
      partOf(file, last, oldEnd, from, part);
    }
  }

  private static void partOf(FileData file, int page, long oldEnd, long from, Part part) {
    int first = wordOn(page, oldEnd);
    int end = Math.min(wordOn(page, from), file.wordsPerPage());
    if (first < end) {
      part.of(file, page, first, end);
    }
  }

  /// The word of a page that byte `at` of the file is; the first, or the one after the last, if it
  /// is on a page before or behind.
  private static int wordOn(int page, long at) {
    long byteOfPage = at - (long) page * Layout.PAGE_SIZE;
    return FileIo.words(Math.clamp(byteOfPage, 0, Layout.PAGE_SIZE));
  }
}
