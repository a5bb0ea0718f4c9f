package shootdown.kernel.pins;

import java.util.ArrayList;
import java.util.List;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.filemap.FileIo;
import shootdown.kernel.gup.Gup;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// Reads and writes of `/proc/self/mem`: of an address space, whatever the rights of its mappings.
public final class RemoteVm {
  private static final int FORCED = Gup.FOLL_FORCE | Gup.FOLL_TOUCH | Gup.FOLL_GET;

  private final KernelData data;
  private final Steps steps;
  private final Gup gup;
  private final PinnedWrite pinned;

  public RemoteVm(KernelData data, Gup gup) {
    this.data = data;
    this.steps = data.steps();
    this.gup = gup;
    this.pinned = new PinnedWrite(data);
  }

  /// Writes words from byte `addr` of an address space on.
  ///
  /// @return the number of bytes, or -EIO if not even the first could be written
  @Models(file = "fs/proc/base.c", function = "mem_rw", leavesOut = "more than one page at a time")
  public long write(Current me, int mm, List<Long> words, long addr) {
    wholeWords(addr);
    return bytes(
        words.size() * (long) Layout.WORD_SIZE,
        accessRemoteVm(
            mm,
            words.size(),
            done -> {
              var at = addr + (long) done * Layout.WORD_SIZE;
              int count = Math.min(words.size() - done, untilEndOfPage(at));
              return writePage(me, mm, at, words.subList(done, done + count))
                  ? Turn.again(done + count)
                  : Turn.done(done);
            }));
  }

  /// Reads `count` bytes from byte `addr` of an address space on.
  @Models(file = "fs/proc/base.c", function = "mem_rw", leavesOut = "more than one page at a time")
  public FileIo.Read read(Current me, int mm, long count, long addr) {
    wholeWords(addr);
    wholeWords(count);
    var read = new FileIo.Read(0, List.of());
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
                      int left = (int) (count / Layout.WORD_SIZE) - so.size();
                      long at = addr + (long) so.size() * Layout.WORD_SIZE;
                      return left == 0
                          ? Turn.done(so)
                          : readPage(me, mm, at, Math.min(left, untilEndOfPage(at)), so);
                    }));
    space.mmapLock().readUnlock();
    long bytes = bytes(count, words.size());
    return bytes < 0 ? new FileIo.Read(bytes, List.of()) : new FileIo.Read(bytes, words);
  }

  @Models(
      file = "mm/memory.c",
      function = "__access_remote_vm",
      leavesOut = "VM_IO mappings, flushing of caches that alias")
  private int accessRemoteVm(
      int mm, int count, java.util.function.IntFunction<Turn<Integer, Integer>> page) {
    var space = data.mm(mm);
    space.mmapLock().readLock();
    int done =
        steps.call(
            "access_remote_vm",
            () ->
                steps.loop(
                    "pages", 0, so -> so == count ? Turn.done(so) : page.apply(so)));
    space.mmapLock().readUnlock();
    return done;
  }

  private boolean writePage(Current me, int mm, long at, List<Long> words) {
    if (beyondUserSpace(at)) {
      return false;
    }
    int vpn = (int) (at / Layout.PAGE_SIZE);
    int flags = FORCED | Gup.FOLL_WRITE | Gup.FOLL_NOTED;
    long pfn = gup.getUserPages(me, data.mm(mm), vpn, flags);
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
    gup.put(folio, flags);
    return true;
  }

  private Turn<List<Long>, List<Long>> readPage(
      Current me, int mm, long at, int count, List<Long> so) {
    if (beyondUserSpace(at)) {
      return Turn.done(so);
    }
    long pfn = gup.getUserPages(me, data.mm(mm), (int) (at / Layout.PAGE_SIZE), FORCED);
    if (pfn < 0) {
      return Turn.done(so);
    }
    var words = new ArrayList<>(so);
    for (int word = wordOf(at); word < wordOf(at) + count; word++) {
      boolean there = word < data.machine().memory().wordsPerPage();
      words.add(there ? data.machine().memory().at((int) pfn, word).read() : 0L);
    }
    gup.put(data.folios().folio((int) pfn), FORCED);
    return Turn.again(List.copyOf(words));
  }

  /// What the call returns after `done` words.
  private static long bytes(long wanted, int done) {
    return done == 0 && wanted > 0 ? Errno.EIO.result() : (long) done * Layout.WORD_SIZE;
  }

  private boolean beyondUserSpace(long at) {
    return at < 0 || at / Layout.PAGE_SIZE >= data.layout().pages();
  }

  private static int wordOf(long at) {
    return (int) (at % Layout.PAGE_SIZE / Layout.WORD_SIZE);
  }

  private static int untilEndOfPage(long at) {
    return Layout.PAGE_SIZE / Layout.WORD_SIZE - wordOf(at);
  }

  private void wholeWords(long bytes) {
    if (bytes % Layout.WORD_SIZE != 0) {
      throw steps.fail(new Violation(Machine.LIMIT, "an access to a part of a word"));
    }
  }
}
