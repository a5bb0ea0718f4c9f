package shootdown.kernel.pins;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Pipe;
import shootdown.kernel.filemap.FileIo;
import shootdown.kernel.gup.Gup;
import shootdown.kernel.gup.GupFast;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// vmsplice(2) to a pipe, which then refers to the user's pages, and read(2) from it.
public final class Pipes {
  private static final long SPLICE_F_ALL = 0xf;

  private final KernelData data;
  private final Steps steps;
  private final Gup gup;
  private final GupFast gupFast;

  public Pipes(KernelData data, Gup gup, GupFast gupFast) {
    this.data = data;
    this.steps = data.steps();
    this.gup = gup;
    this.gupFast = gupFast;
  }

  /// Puts the pages at byte `base` … `base + length` into the pipe.
  ///
  /// @return the number of bytes; -EINVAL for unknown flags; -EFAULT if not even the first page can
  ///     be read
  @Models(
      file = "fs/splice.c",
      function = "vmsplice_to_pipe",
      leavesOut = "several segments; waiting for room")
  @Models(file = "fs/splice.c", function = "iter_to_pipe")
  public long vmsplice(Current me, Pipe pipe, long base, long length, long flags) {
    if ((flags & ~SPLICE_F_ALL) != 0) {
      return Errno.EINVAL.result();
    }
    if (length == 0) {
      return 0;
    }
    wholeWords(base);
    wholeWords(length);
    return steps.call(
        "vmsplice_to_pipe",
        () -> {
          pipe.mutex().lock();
          long result =
              steps.loop(
                  "pages",
                  0L,
                  done ->
                      done == length
                          ? Turn.done(done)
                          : splicePage(me, pipe, base + done, length - done, done));
          pipe.mutex().unlock();
          return result;
        });
  }

  private Turn<Long, Long> splicePage(
      Current me, Pipe pipe, long at, long left, long done) {
    int offset = (int) (at % Layout.PAGE_SIZE);
    int bytes = (int) Math.min(left, Layout.PAGE_SIZE - offset);
    long page = at / Layout.PAGE_SIZE;
    long pfn =
        at < 0 || page >= data.layout().pages()
            ? Errno.EFAULT.result()
            : gupFast.getUserPagesFast(me, (int) page, Gup.FOLL_GET);
    if (pfn < 0) {
      return Turn.done(done > 0 ? done : pfn);
    }
    var buffer = new Pipe.Buffer((int) pfn, offset, bytes);
    int place = firstFree(pipe);
    pipe.ring()
        .change(
            () ->
                steps.atomically(
                    "add_to_pipe",
                    () -> {
                      pipe.put(place, buffer);
                      data.ground().spliced(pipe.number(), buffer.pfn(), me.mm());
                      return true;
                    }));
    return Turn.again(done + bytes);
  }

  private int firstFree(Pipe pipe) {
    return steps.scope(
        () -> {
          for (int i = 0; i < Pipe.BUFFERS; i++) {
            if (pipe.at(i).isEmpty()) {
              return i;
            }
          }
          throw steps.fail(
              new Violation(Machine.LIMIT, "more than " + Pipe.BUFFERS + " pages in a pipe"));
        });
  }

  /// Takes up to `count` bytes out of the pipe; sleeps while there is none.
  @Models(
      file = "fs/pipe.c",
      function = "pipe_read",
      leavesOut = "O_NONBLOCK, writers that are gone, faults of the user's buffer")
  public FileIo.Read read(Pipe pipe, long count) {
    wholeWords(count);
    if (count == 0) {
      return new FileIo.Read(0, List.of());
    }
    return steps.call(
        "pipe_read",
        () ->
            steps.retry(
                "readable",
                () -> {
                  pipe.mutex().lock();
                  var words = take(pipe, (int) (count / Layout.WORD_SIZE));
                  pipe.mutex().unlock();
                  if (words.isEmpty()) {
                    pipe.awaitReadable();
                    return Turn.again(true);
                  }
                  return Turn.done(
                      new FileIo.Read((long) words.size() * Layout.WORD_SIZE, words));
                }));
  }

  private List<Long> take(Pipe pipe, int most) {
    return steps.loop(
        "buffers",
        List.<Long>of(),
        so -> {
          var first = so.size() < most ? pipe.at(0) : Optional.<Pipe.Buffer>empty();
          return first.isEmpty()
              ? Turn.done(so)
              : Turn.again(takeFrom(pipe, first.get(), most, so));
        });
  }

  private List<Long> takeFrom(Pipe pipe, Pipe.Buffer buffer, int most, List<Long> so) {
    int count = Math.min(most - so.size(), buffer.length() / Layout.WORD_SIZE);
    var words = new ArrayList<>(so);
    for (int i = 0; i < count; i++) {
      words.add(word(pipe, buffer.pfn(), buffer.offset() / Layout.WORD_SIZE + i));
    }
    int bytes = count * Layout.WORD_SIZE;
    if (bytes < buffer.length()) {
      pipe.updateFirst(
          new Pipe.Buffer(buffer.pfn(), buffer.offset() + bytes, buffer.length() - bytes));
    } else {
      release(pipe, buffer);
    }
    return List.copyOf(words);
  }

  private long word(Pipe pipe, int pfn, int word) {
    if (word >= data.machine().memory().wordsPerPage()) {
      return 0;
    }
    return steps.atomically(
        "copy_page_to_iter",
        () -> {
          long value = data.machine().memory().at(pfn, word).read();
          data.ground().pipeRead(pipe.number(), word, value);
          steps.note(() -> "reads F" + pfn + "[" + word + "]: " + value);
          return value;
        });
  }

  @Models(file = "fs/pipe.c", function = "pipe_buf_release")
  private void release(Pipe pipe, Pipe.Buffer buffer) {
    pipe.ring()
        .change(
            () ->
                steps.atomically(
                    "pipe_buf_release",
                    () -> {
                      pipe.removeFirst();
                      data.ground().unspliced(pipe.number());
                      return true;
                    }));
    gup.put(data.folios().folio(buffer.pfn()), Gup.FOLL_GET);
  }

  private void wholeWords(long bytes) {
    if (bytes % Layout.WORD_SIZE != 0) {
      throw steps.fail(new Violation(Machine.LIMIT, "a part of a word in a pipe"));
    }
  }
}
