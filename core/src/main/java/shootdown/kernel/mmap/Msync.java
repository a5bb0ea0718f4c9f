package shootdown.kernel.mmap;

import static shootdown.kernel.mmap.MmanConstants.MS_ASYNC;
import static shootdown.kernel.mmap.MmanConstants.MS_INVALIDATE;
import static shootdown.kernel.mmap.MmanConstants.MS_SYNC;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.filemap.Fsync;
import shootdown.kernel.history.Decisions;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// msync(2).
final class Msync {
  private final KernelData data;
  private final Steps steps;
  private final Fsync fsync;
  private final MsyncRange range;

  Msync(KernelData data, Decisions decisions, Fsync fsync) {
    this.data = data;
    this.steps = data.steps();
    this.fsync = fsync;
    this.range = decisions.get(MsyncRange.class);
  }

  @Models(
      file = "mm/msync.c",
      function = "msync",
      leavesOut = "holding mmap_lock from one VMA to the next where nothing is written")
  long msync(Current me, long addr, long length, long flags) {
    boolean unknown = (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) != 0;
    boolean both = (flags & MS_ASYNC) != 0 && (flags & MS_SYNC) != 0;
    if (unknown || both || !Pages.isAligned(addr)) {
      return Errno.EINVAL.result();
    }
    long count = Pages.count(length);
    if (Pages.wraps(addr, count)) {
      return Errno.ENOMEM.result();
    }
    if (count == 0) {
      return 0;
    }
    return syncVmas(me, data.mm(me.mm()), Pages.at(data.layout(), addr, count), flags);
  }

  private record At(int vpn, boolean gap) {}

  /// Each VMA with mmap_lock held; it is dropped while the file is written.
  private long syncVmas(Current me, Mm mm, Pages pages, long flags) {
    return steps.loop(
        "vmas",
        new At(pages.from(), false),
        at -> {
          if (at.vpn() == pages.to()) {
            return Turn.done(at.gap() ? Errno.ENOMEM.result() : 0L);
          }
          mm.mmapLock().readLock();
          var next = mm.firstOverlap(at.vpn(), pages.to());
          if (next.isEmpty()) {
            mm.mmapLock().readUnlock();
            return Turn.done(Errno.ENOMEM.result());
          }
          var vma = next.get().vma();
          if ((flags & MS_INVALIDATE) != 0 && vma.has(Vma.VM_LOCKED)) {
            mm.mmapLock().readUnlock();
            return Turn.done(Errno.EBUSY.result());
          }
          int from = Math.max(at.vpn(), vma.start());
          int to = Math.min(vma.end(), pages.to());
          mm.mmapLock().readUnlock();
          if ((flags & MS_SYNC) != 0 && !vma.anonymous() && vma.shared()) {
            sync(me, data.file(vma.file()), vma.pageIndex(from), vma.pageIndex(from) + to - from);
          }
          return Turn.again(new At(to, at.gap() || from > at.vpn()));
        });
  }

  /// The caller is promised that pages `from` … `to`-1 are on the disk, whatever is written.
  private void sync(Current me, FileData file, int from, int to) {
    switch (range) {
      case MAPPED -> fsync.vfsFsyncRange(me, file, from, to);
      case WHOLE_FILE -> fsync.vfsFsyncRange(me, file, 0, file.maxPages());
      case FROM_ADDRESS -> fsync.promisesOnly(file, from, Math.min(to, file.maxPages()));
    }
  }
}
