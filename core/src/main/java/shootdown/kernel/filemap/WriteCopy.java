package shootdown.kernel.filemap;

import java.util.List;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Layout;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// How write() gets what it writes out of its buffer. It copies while the folio is locked and page
/// faults are disabled, and so has to begin again where the buffer is not mapped just then; that is
/// seen where a mapping of the same file is the buffer, and the first attempt made the file longer.
///
/// ```text
///                 folio was in the cache          folio is new, and not uptodate
/// all copied      done                            done
/// a part          done with that part             nothing is written; again, with that part alone
/// nothing         nothing is written; the buffer is faulted in, and again
/// ```
///
/// Where nothing is written, the file has grown to the offset nevertheless.
final class WriteCopy {
  private final Steps steps;
  private final Append append;
  private final WriteFaultIn faultIn;

  WriteCopy(KernelData data, Decisions decisions, Append append) {
    this.steps = data.steps();
    this.append = append;
    this.faultIn = decisions.get(WriteFaultIn.class);
  }

  /// What is to be written next.
  ///
  /// @param at byte of the file
  /// @param done bytes of the buffer that are written
  /// @param left bytes that are not
  record Part(long at, long done, long left) {
    int index() {
      return (int) (at / Layout.PAGE_SIZE);
    }

    /// Bytes of the first page.
    long bytes() {
      return Math.min(left, Layout.PAGE_SIZE - at % Layout.PAGE_SIZE);
    }
  }

  /// An attempt to copy.
  ///
  /// @param bytes how many, of the first page
  /// @param alone whether to leave what lies in the folio behind them for later
  private record Attempt(long bytes, boolean alone) {}

  /// The words for the first page of the part: those before the first that faults.
  List<Long> words(FileData file, Part part, UserBuffer buffer) {
    if (faultIn.first()) {
      var words = buffer.copyFrom(part.done(), count(part.bytes()));
      if (words.size() < count(part.bytes())) {
        file.reserved().write(1);
      }
      return words;
    }
    return steps.loop(
        "retry",
        new Attempt(part.bytes(), false),
        attempt -> copyFolioFromIterAtomic(file, part, attempt, buffer));
  }

  @Models(
      file = "mm/filemap.c",
      function = "generic_perform_write",
      leavesOut = "throttling; that the folio is locked meanwhile, and the copy goes to it")
  @Models(file = "lib/iov_iter.c", function = "copy_folio_from_iter_atomic")
  private Turn<Attempt, List<Long>> copyFolioFromIterAtomic(
      FileData file, Part part, Attempt attempt, UserBuffer buffer) {
    int count = count(attempt.bytes());
    var words = buffer.copyFromInatomic(part.done(), count);
    boolean all =
        words.size() == count
            && (attempt.alone() || isThere(part, folioBytes(file, part), buffer));
    if (all) {
      return Turn.done(words);
    }
    boolean fresh = steps.scope(() -> file.slot(part.index()).is(0));
    if (!fresh && !words.isEmpty()) {
      return Turn.done(words);
    }
    append.begins(file, part.at());
    long oldEnd = append.reaches(file, part.at(), part.at());
    append.zeroGap(file, oldEnd, part.at());
    if (!words.isEmpty()) {
      return Turn.again(new Attempt((long) words.size() * Layout.WORD_SIZE, true));
    }
    if (!buffer.faultInReadable(part.done(), folioBytes(file, part))) {
      file.reserved().write(1);
      return Turn.done(List.of());
    }
    return Turn.again(new Attempt(part.bytes(), false));
  }

  /// How many bytes the folio takes: those of one page, or of all that are new to the cache and fit
  /// into a folio of some order.
  @Models(file = "mm/filemap.c", function = "__filemap_get_folio", leavesOut = "all but the order")
  private long folioBytes(FileData file, Part part) {
    if (!faultIn.large() || part.left() < 2 * Layout.PAGE_SIZE) {
      return part.bytes();
    }
    int order = Long.SIZE - 1 - Long.numberOfLeadingZeros(part.left() / Layout.PAGE_SIZE);
    int aligned = part.index() == 0 ? order : Integer.numberOfTrailingZeros(part.index());
    int pages = 1 << Math.min(order, aligned);
    while (pages > 1 && !isFree(file, part.index(), pages)) {
      pages /= 2;
    }
    return Math.min(
        part.left(), (long) pages * Layout.PAGE_SIZE - part.at() % Layout.PAGE_SIZE);
  }

  private boolean isFree(FileData file, int index, int pages) {
    return index + pages <= file.maxPages()
        && steps.scope(() -> !file.isInUse(index, index + pages));
  }

  /// Whether what lies behind the first page is mapped: a word of each page of the buffer tells.
  private boolean isThere(Part part, long bytes, UserBuffer buffer) {
    for (long at = part.bytes(); at < bytes; at += Layout.PAGE_SIZE) {
      if (buffer.copyFromInatomic(part.done() + at, 1).isEmpty()) {
        return false;
      }
    }
    return bytes == part.bytes()
        || !buffer.copyFromInatomic(part.done() + bytes - Layout.WORD_SIZE, 1).isEmpty();
  }

  private static int count(long bytes) {
    return (int) (bytes / Layout.WORD_SIZE);
  }
}
