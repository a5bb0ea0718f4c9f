package shootdown.kernel.filemap;

import java.util.ArrayList;
import java.util.List;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// pread(2) and pwrite(2): words between a buffer and the page cache, page by page. Only whole
/// words are moved; a part of one is a stated limit.
public final class FileIo {
  private static final int WORDS_OF_PAGE = Layout.PAGE_SIZE / Layout.WORD_SIZE;

  private final KernelData data;
  private final Steps steps;
  private final PageCache pageCache;
  private final Append append;
  private final WriteCopy writeCopy;
  private final WriteLocked writeLocked;
  private final ReadSize readSize;

  public FileIo(KernelData data, Decisions decisions, PageCache pageCache) {
    this.data = data;
    this.steps = data.steps();
    this.pageCache = pageCache;
    this.append = new Append(data, decisions, pageCache);
    this.writeCopy = new WriteCopy(data, decisions, append);
    this.writeLocked = decisions.get(WriteLocked.class);
    this.readSize = decisions.get(ReadSize.class);
  }

  /// pread(2): `length` bytes from byte `offset` on.
  ///
  /// @return as many as there are before the end of the file and the first fault of the buffer;
  ///     -EINVAL for a negative offset, -EFAULT if the buffer faults at once
  @Models(
      file = "mm/filemap.c",
      function = "filemap_read",
      leavesOut = "read-ahead, several pages at once")
  public long pread(FileData file, long length, long offset, UserBuffer buffer) {
    if (offset < 0 || length < 0) {
      return Errno.EINVAL.result();
    }
    wholeWords(offset, length);
    return steps.call(
        "filemap_read",
        () ->
            steps.loop(
                "pages", 0L, done -> readPage(file, length - done, offset + done, done, buffer)));
  }

  private Turn<Long, Long> readPage(
      FileData file, long left, long at, long done, UserBuffer buffer) {
    int index = (int) Math.min(at / Layout.PAGE_SIZE, file.maxPages());
    if (left == 0 || pageCache.isBeyondEnd(file, index)) {
      return Turn.done(done);
    }
    long inPage = Math.min(left, Layout.PAGE_SIZE - at % Layout.PAGE_SIZE);
    var found = find(file, index, at, inPage);
    var folio = found.folio();
    long bytes = found.bytes();
    notShifted(buffer.isShiftedTarget(done, bytes, file, at));
    var words = readWords(file, folio, index, wordOf(at), wordOf(at) + words(bytes));
    long copied = buffer.copyTo(done, words, bytes);
    data.folios().put(folio);
    if (copied < bytes) {
      return Turn.done(done + copied > 0 ? done + copied : Errno.EFAULT.result());
    }
    return bytes < inPage || bytes == left
        ? Turn.done(done + bytes)
        : Turn.again(done + bytes);
  }

  /// A page to read from, and how many bytes of it.
  private record Found(Folio folio, long bytes) {}

  private Found find(FileData file, int index, long at, long inPage) {
    if (readSize == ReadSize.BEFORE_PAGE) {
      long bytes = beforeEnd(file, at, inPage);
      var cached = pageCache.findGetPage(file, index);
      if (cached.isPresent()) {
        return new Found(cached.get(), bytes);
      }
    }
    var folio = pageCache.pageToRead(file, index);
    return new Found(folio, beforeEnd(file, at, inPage));
  }

  /// Of `length` bytes from `at` on, how many lie before the end of the file as it is now.
  private long beforeEnd(FileData file, long at, long length) {
    return steps.scope(() -> Math.clamp(file.size().read() - at, 0, length));
  }

  private List<Long> readWords(FileData file, Folio folio, int index, int from, int to) {
    var words = new ArrayList<Long>();
    for (int word = from; word < Math.min(to, file.wordsPerPage()); word++) {
      words.add(readWord(file, folio, index, word));
    }
    return words;
  }

  private long readWord(FileData file, Folio folio, int index, int word) {
    return steps.atomically(
        "copy_to_user",
        () -> {
          long value = data.machine().memory().at(folio.pfn(), word).read();
          data.ground().fileRead(folio.pfn(), file.number(), index, word, value);
          steps.note(() -> "reads " + folio + "[" + word + "]: " + value);
          return value;
        });
  }

  /// pwrite(2): `length` bytes from byte `offset` on. The file grows as needed.
  ///
  /// @return the number of bytes before the first fault of the buffer; -EINVAL for a negative
  ///     offset, -EFAULT if the buffer faults at once
  @Models(
      file = "mm/filemap.c",
      function = "generic_file_write_iter",
      leavesOut = "O_APPEND, O_SYNC, O_DIRECT, times")
  public long pwrite(FileData file, long length, long offset, UserBuffer buffer) {
    if (offset < 0) {
      return Errno.EINVAL.result();
    }
    wholeWords(offset, length);
    mayBeAsLarge(steps, file, offset + length);
    return steps.call(
        "generic_file_write_iter",
        () -> {
          file.inodeLock().lock();
          long end =
              steps.loop(
                  "pages", offset, at -> writePage(file, offset + length - at, at, offset, buffer));
          file.inodeLock().unlock();
          return end == offset && length > 0 ? Errno.EFAULT.result() : end - offset;
        });
  }

  private Turn<Long, Long> writePage(
      FileData file, long left, long at, long offset, UserBuffer buffer) {
    if (left == 0) {
      return Turn.done(at);
    }
    int index = (int) (at / Layout.PAGE_SIZE);
    int count = (int) Math.min(left / Layout.WORD_SIZE, WORDS_OF_PAGE - wordOf(at));
    notShifted(
        buffer.isShiftedSource(at - offset, (long) count * Layout.WORD_SIZE, file, at));
    if (writeLocked == WriteLocked.FAULTS) {
      return writeLockedPage(file, count, at, offset, buffer);
    }
    var words = writeCopy.words(file, new WriteCopy.Part(at, at - offset, left), buffer);
    if (words.isEmpty()) {
      return Turn.done(at);
    }
    if (at == offset) {
      append.begins(file, at); // once the buffer was read, which may be what is zeroed
    }
    return writeWords(file, pageCache.lockedPage(file, index), at, words);
  }

  /// As v2.6.23 did: the page is locked, and then the buffer read, which may fault.
  private Turn<Long, Long> writeLockedPage(
      FileData file, int count, long at, long offset, UserBuffer buffer) {
    if (!buffer.faultInReadable(at - offset, (long) count * Layout.WORD_SIZE)) {
      return Turn.done(at);
    }
    var folio = pageCache.lockedPage(file, (int) (at / Layout.PAGE_SIZE));
    var words = buffer.copyFrom(at - offset, count);
    if (words.isEmpty()) {
      pageCache.unlockAndPut(folio);
      return Turn.done(at);
    }
    if (at == offset) {
      append.begins(file, at);
    }
    return writeWords(file, folio, at, words);
  }

  /// Writes words to a locked page, which is not locked afterwards.
  private Turn<Long, Long> writeWords(
      FileData file, Folio folio, long at, List<Long> words) {
    int index = (int) (at / Layout.PAGE_SIZE);
    for (int i = 0; i < words.size(); i++) {
      writeWord(file, folio, index, wordOf(at) + i, words.get(i));
    }
    long end = at + (long) words.size() * Layout.WORD_SIZE;
    pageCache.setPageDirty(folio);
    long oldEnd = append.reaches(file, at, end);
    pageCache.unlockAndPut(folio);
    append.zeroGap(file, oldEnd, at);
    return Turn.again(end);
  }

  /// Writes a word of a file's locked page. Inside, ground and memory change together.
  private void writeWord(FileData file, Folio folio, int index, int word, long value) {
    if (word >= file.wordsPerPage() && value == 0) {
      return;
    }
    if (word >= file.wordsPerPage()) {
      throw steps.fail(
          new Violation(Machine.LIMIT, "a write to word " + word + ", which pages do not have"));
    }
    steps.atomic(
        "copy_from_user",
        () -> {
          data.machine().memory().at(folio.pfn(), word).write(value);
          data.ground().fileWritten(file.number(), index, word, value);
          steps.note(() -> "writes " + folio + "[" + word + "]: " + value);
        });
  }

  /// Ends the path if a file of this test cannot have that many bytes.
  static void mayBeAsLarge(Steps steps, FileData file, long bytes) {
    if (bytes > (long) file.maxPages() * Layout.PAGE_SIZE) {
      throw steps.fail(
          new Violation(
              Machine.LIMIT, "a file of more than " + file.maxPages() + " pages"));
    }
  }

  private void notShifted(boolean shifted) {
    if (shifted) {
      throw steps.fail(
          new Violation(Machine.LIMIT, "pread or pwrite between two places of one page"));
    }
  }

  private void wholeWords(long offset, long length) {
    if (offset % Layout.WORD_SIZE != 0 || length % Layout.WORD_SIZE != 0) {
      throw steps.fail(new Violation(Machine.LIMIT, "pread or pwrite of a part of a word"));
    }
  }

  private static int wordOf(long at) {
    return (int) (at % Layout.PAGE_SIZE / Layout.WORD_SIZE);
  }

  /// Words that `bytes` bytes touch.
  static int words(long bytes) {
    return (int) ((bytes + Layout.WORD_SIZE - 1) / Layout.WORD_SIZE);
  }
}
