package shootdown.kernel.pins;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.filemap.UserBuffer;
import shootdown.kernel.gup.Gup;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// Reads and writes of `/proc/self/mem`: of an address space, whatever the rights of its mappings.
public final class RemoteVm {
  private final KernelData data;
  private final Steps steps;
  private final Gup gup;
  private final PinnedWrite pinned;
  private final int flags;

  public RemoteVm(KernelData data, Decisions decisions, Gup gup) {
    boolean forced = decisions.get(MemForce.class) == MemForce.FORCED;
    this.flags = (forced ? Gup.FOLL_FORCE : 0) | Gup.FOLL_TOUCH | Gup.FOLL_GET;
    this.data = data;
    this.steps = data.steps();
    this.gup = gup;
    this.pinned = new PinnedWrite(data);
  }

  /// Writes `count` bytes from byte `addr` of an address space on.
  ///
  /// @return the number of bytes; -EFAULT if the buffer faults, -EIO if not even the first word of
  ///     the address space could be written
  public long write(Current me, int mm, long count, long addr, UserBuffer from) {
    return memRw(
        count,
        addr,
        (done, bytes) -> {
          var words = from.copyFrom(done, bytes / Layout.WORD_SIZE);
          return words.size() * (long) Layout.WORD_SIZE < bytes
              ? Errno.EFAULT.result()
              : accessRemoteVm(
                  mm,
                  bytes,
                  so -> {
                    long at = addr + done + so;
                    int part = (int) Math.min(bytes - so, untilEndOfPage(at));
                    int first = (int) (so / Layout.WORD_SIZE);
                    return writePage(
                            me, mm, at, words.subList(first, first + part / Layout.WORD_SIZE))
                        ? Turn.again(so + part)
                        : Turn.done(so);
                  });
        });
  }

  /// Reads `count` bytes from byte `addr` of an address space on.
  ///
  /// @return as [#write]
  public long read(Current me, int mm, long count, long addr, UserBuffer to) {
    return memRw(
        count,
        addr,
        (done, bytes) -> {
          var words = readRemoteVm(me, mm, bytes, addr + done);
          long read = words.size() * (long) Layout.WORD_SIZE;
          return to.copyTo(done, words, read) < read ? Errno.EFAULT.result() : read;
        });
  }

  /// Moves up to a page of bytes.
  @FunctionalInterface
  private interface Piece {
    /// @param done bytes that were moved before
    /// @return how many were moved, fewer than `bytes` at the end of what can be accessed; -ERRNO
    long move(long done, int bytes);
  }

  @Models(file = "fs/proc/base.c", function = "mem_rw", leavesOut = "address spaces that are gone")
  private long memRw(long count, long addr, Piece piece) {
    wholeWords(addr);
    wholeWords(count);
    return steps.loop(
        "mem_rw",
        0L,
        done -> {
          if (done == count) {
            return Turn.done(done);
          }
          int bytes = (int) Math.min(count - done, Layout.PAGE_SIZE);
          long moved = piece.move(done, bytes);
          if (moved < 0) {
            return Turn.done(moved);
          }
          if (moved == 0) {
            return Turn.done(done > 0 ? done : Errno.EIO.result());
          }
          return Turn.again(done + moved);
        });
  }

  private List<Long> readRemoteVm(Current me, int mm, int bytes, long addr) {
    var space = data.mm(mm);
    space.mmapLock().readLock();
    var words =
        steps.call(
            "access_remote_vm",
            () ->
                steps.loop(
                    "pages",
                    List.<Long>of(),
                    so -> {
                      int left = bytes / Layout.WORD_SIZE - so.size();
                      long at = addr + (long) so.size() * Layout.WORD_SIZE;
                      int count = Math.min(left, untilEndOfPage(at) / Layout.WORD_SIZE);
                      return left == 0 ? Turn.done(so) : readPage(me, mm, at, count, so);
                    }));
    space.mmapLock().readUnlock();
    return words;
  }

  @Models(
      file = "mm/memory.c",
      function = "__access_remote_vm",
      leavesOut = "VM_IO mappings, flushing of caches that alias")
  private long accessRemoteVm(int mm, long bytes, Function<Long, Turn<Long, Long>> page) {
    var space = data.mm(mm);
    space.mmapLock().readLock();
    long done =
        steps.call(
            "access_remote_vm",
            () ->
                steps.loop(
                    "pages", 0L, so -> so == bytes ? Turn.done(so) : page.apply(so)));
    space.mmapLock().readUnlock();
    return done;
  }

  private boolean writePage(Current me, int mm, long at, List<Long> words) {
    if (beyondUserSpace(at)) {
      return false;
    }
    int vpn = (int) (at / Layout.PAGE_SIZE);
    int writes = flags | Gup.FOLL_WRITE | Gup.FOLL_NOTED;
    long pfn = gup.getUserPages(me, data.mm(mm), vpn, writes);
    if (pfn < 0) {
      return false;
    }
    var folio = data.folios().folio((int) pfn);
    int first = wordOf(at);
    steps.each(
        0,
        words.size(),
        i -> pinned.word("copy_to_user_page", (int) pfn, mm, first + i, words.get(i)));
    pinned.setPageDirtyLock(folio);
    gup.put(folio, writes);
    return true;
  }

  private Turn<List<Long>, List<Long>> readPage(
      Current me, int mm, long at, int count, List<Long> so) {
    if (beyondUserSpace(at)) {
      return Turn.done(so);
    }
    long pfn = gup.getUserPages(me, data.mm(mm), (int) (at / Layout.PAGE_SIZE), flags);
    if (pfn < 0) {
      return Turn.done(so);
    }
    var words = new ArrayList<>(so);
    for (int word = wordOf(at); word < wordOf(at) + count; word++) {
      boolean there = word < data.machine().memory().wordsPerPage();
      words.add(there ? data.machine().memory().at((int) pfn, word).read() : 0L);
    }
    gup.put(data.folios().folio((int) pfn), flags);
    return Turn.again(List.copyOf(words));
  }

  private boolean beyondUserSpace(long at) {
    return at < 0 || at / Layout.PAGE_SIZE >= data.layout().pages();
  }

  private static int wordOf(long at) {
    return (int) (at % Layout.PAGE_SIZE / Layout.WORD_SIZE);
  }

  private static int untilEndOfPage(long at) {
    return Layout.PAGE_SIZE - wordOf(at) * Layout.WORD_SIZE;
  }

  private void wholeWords(long bytes) {
    if (bytes % Layout.WORD_SIZE != 0) {
      throw steps.fail(new Violation(Machine.LIMIT, "an access to a part of a word"));
    }
  }
}
