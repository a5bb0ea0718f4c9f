package shootdown.kernel.filemap;

import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.machine.Layout;
import shootdown.sched.Steps;

/// What the last page of a file has beyond the end: a mapping shows it, and may change it, but it
/// never becomes part of the file.
final class EndOfFile {
  private final KernelData data;
  private final Steps steps;
  private final PageCache pageCache;

  EndOfFile(KernelData data, PageCache pageCache) {
    this.data = data;
    this.steps = data.steps();
    this.pageCache = pageCache;
  }

  /// Zeroes what the page of byte `end` has from there on. Done before i_size changes, and the page
  /// is written later like any other.
  @Models(
      file = "fs/buffer.c",
      function = "block_truncate_page",
      leavesOut = "buffer heads")
  void zeroTail(FileData file, long end) {
    int first = FileIo.words(end % Layout.PAGE_SIZE);
    if (first == 0 || first >= file.wordsPerPage()) {
      return;
    }
    int index = (int) (end / Layout.PAGE_SIZE);
    steps.run(
        "block_truncate_page",
        () -> {
          var folio = pageCache.lockedPage(file, index);
          steps.atomic("zero", () -> zeroFrom(file, folio, index, first));
          pageCache.setPageDirty(folio);
          pageCache.unlockAndPut(folio);
        });
  }

  /// A file is about to reach to byte `from` or beyond: what was stored behind its old end is
  /// zeroed. Releases before v6.13 may let the file show it.
  @Models(
      file = "fs/ext4/inode.c",
      function = "ext4_block_zero_eof",
      leavesOut = "what other filesystems do")
  void extendTo(FileData file, long from) {
    long size = steps.scope(() -> file.size().read());
    if (from > size) {
      zeroTail(file, size);
    }
  }

  @Models(
      file = "fs/buffer.c",
      function = "generic_write_end",
      leavesOut = "buffer heads, pagecache_isize_extended()")
  void growTo(FileData file, long end) {
    boolean grows = steps.scope(() -> end > file.size().read());
    if (grows) {
      file.size().write(end);
    }
  }

  /// The page is locked and about to be written: what is stored beyond the end does not get to the
  /// disk, and is gone.
  @Models(
      file = "fs/ext4/page-io.c",
      function = "ext4_bio_write_folio",
      leavesOut = "all but zeroing what lies beyond the end")
  void zeroBeforeWriting(FileData file, Folio folio, int index) {
    long size = steps.scope(() -> file.size().read());
    int first = FileIo.words(size % Layout.PAGE_SIZE);
    if (index == size / Layout.PAGE_SIZE && first > 0 && first < file.wordsPerPage()) {
      steps.atomic("zero", () -> zeroFrom(file, folio, index, first));
    }
  }

  private void zeroFrom(FileData file, Folio folio, int index, int first) {
    steps.each(
        first,
        file.wordsPerPage(),
        word -> {
          data.machine().memory().at(folio.pfn(), word).write(0);
          data.ground().fileWritten(file.number(), index, word, 0);
        });
  }
}
