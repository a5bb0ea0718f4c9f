package shootdown.kernel.mmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.machine.Layout;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.vmalock.VmaLocks;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// mlock(2) and munlock(2): reclaim looks at the VMA's flag when it meets a page there.
final class Mlock {
  /// Pages that a process may lock: 8 MiB, the limit since v5.16 where nobody sets another.
  private static final long RLIMIT_MEMLOCK = 2048;

  private final KernelData data;
  private final Steps steps;
  private final VmaLinks links;
  private final VmaLocks locks;
  private final Populate populate;

  Mlock(KernelData data, Decisions decisions, VmaLinks links, Populate populate) {
    this.data = data;
    this.steps = data.steps();
    this.links = links;
    this.locks = new VmaLocks(data, decisions);
    this.populate = populate;
  }

  @Models(
      file = "mm/mlock.c",
      function = "do_mlock",
      leavesOut = "what is locked already; PG_mlocked and the list of pages never reclaimed")
  long mlock(Current me, long addr, long length) {
    return Pages.count(length + inPage(addr)) > RLIMIT_MEMLOCK
        ? Errno.ENOMEM.result()
        : change(me, addr, length, Vma.VM_LOCKED);
  }

  @Models(file = "mm/mlock.c", function = "munlock", leavesOut = "PG_mlocked")
  long munlock(Current me, long addr, long length) {
    return change(me, addr, length, 0);
  }

  private long change(Current me, long addr, long length, long locked) {
    long inPage = inPage(addr);
    long count = Pages.count(length + inPage);
    if (Pages.wraps(addr - inPage, count)) {
      return Errno.EINVAL.result();
    }
    if (count == 0) {
      return 0;
    }
    var pages = Pages.at(data.layout(), addr - inPage, count);
    var mm = data.mm(me.mm());
    mm.mmapLock().lock();
    boolean whole = applyVmaLockFlags(me, mm, pages, locked);
    locks.mmapWriteUnlock(mm);
    if (!whole) {
      return Errno.ENOMEM.result();
    }
    return locked == 0 || populate.mmPopulate(me, mm, pages) ? 0 : Errno.ENOMEM.result();
  }

  private static long inPage(long addr) {
    return Long.remainderUnsigned(addr, Layout.PAGE_SIZE);
  }

  /// Tells whether all pages are mapped; those before the first gap are changed.
  @Models(file = "mm/mlock.c", function = "apply_vma_lock_flags")
  private boolean applyVmaLockFlags(Current me, Mm mm, Pages pages, long locked) {
    return steps.loop(
        "vmas",
        pages.from(),
        at -> {
          if (at >= pages.to()) {
            return Turn.done(true);
          }
          var found = mm.vmaAt(at);
          if (found.isEmpty()) {
            return Turn.done(false);
          }
          int end = Math.min(found.get().vma().end(), pages.to());
          mlockFixup(me, mm, new Pages(at, end), locked);
          return Turn.again(end);
        });
  }

  @Models(file = "mm/mlock.c", function = "mlock_fixup", leavesOut = "merging")
  private void mlockFixup(Current me, Mm mm, Pages pages, long locked) {
    steps.run(
        "mlock_fixup",
        () -> {
          long old = mm.vmaAt(pages.from()).orElseThrow().vma().flags();
          long flags = old & ~Vma.VM_LOCKED | locked;
          if (flags == old) {
            return;
          }
          links.splitVma(me, mm, pages.from());
          links.splitVma(me, mm, pages.to());
          links.vmFlagsReset(mm, mm.vmaAt(pages.from()).orElseThrow(), flags);
        });
  }
}
