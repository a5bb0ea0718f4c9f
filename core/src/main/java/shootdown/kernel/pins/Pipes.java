package shootdown.kernel.pins;

import java.util.ArrayList;
import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Pipe;
import shootdown.kernel.filemap.UserBuffer;
import shootdown.kernel.gup.Gup;
import shootdown.kernel.gup.GupFast;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// vmsplice(2) to a pipe, which then refers to the user's pages, and read(2) from it.
public final class Pipes {
  /// Flags that vmsplice() takes.
  public static final long SPLICE_F_ALL = 0xf;

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
  /// @return the number of bytes; -EFAULT if not even the first page can be read
  @Models(
      file = "fs/splice.c",
      function = "vmsplice_to_pipe",
      leavesOut = "several segments; waiting for room")
  @Models(file = "fs/splice.c", function = "iter_to_pipe")
  public long vmsplice(Current me, Pipe pipe, long base, long length) {
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

  /// Takes up to `count` bytes out of the pipe; sleeps while there is none. A page of which not all
  /// that is wanted could be copied stays.
  ///
  /// @return the number of bytes, or -EFAULT if the buffer faults at once
  @Models(
      file = "fs/pipe.c",
      function = "pipe_read",
      leavesOut = "O_NONBLOCK, writers that are gone")
  public long read(Pipe pipe, long count, UserBuffer to) {
    wholeWords(count);
    if (count == 0) {
      return 0;
    }
    return steps.call(
        "pipe_read",
        () ->
            steps.retry(
                "readable",
                () -> {
                  pipe.mutex().lock();
                  long read =
                      steps.loop("buffers", 0L, done -> take(pipe, count - done, done, to));
                  pipe.mutex().unlock();
                  if (read == 0) {
                    pipe.awaitReadable();
                    return Turn.again(true);
                  }
                  return Turn.done(read);
                }));
  }

  private Turn<Long, Long> take(Pipe pipe, long left, long done, UserBuffer to) {
    var first = left > 0 ? pipe.at(0) : Optional.<Pipe.Buffer>empty();
    if (first.isEmpty()) {
      return Turn.done(done);
    }
    var buffer = first.get();
    int bytes = (int) Math.min(left, buffer.length());
    var words = new ArrayList<Long>();
    for (int i = 0; i < bytes / Layout.WORD_SIZE; i++) {
      words.add(word(pipe, buffer.pfn(), buffer.offset() / Layout.WORD_SIZE + i));
    }
    if (to.copyTo(done, words, bytes) < bytes) {
      return Turn.done(done > 0 ? done : Errno.EFAULT.result());
    }
    if (bytes < buffer.length()) {
      pipe.updateFirst(
          new Pipe.Buffer(buffer.pfn(), buffer.offset() + bytes, buffer.length() - bytes));
    } else {
      release(pipe, buffer);
    }
    return Turn.again(done + bytes);
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
