package shootdown.kernel.mmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.filemap.PunchHole;
import shootdown.kernel.filemap.Truncate;
import shootdown.kernel.filemap.Writeback;
import shootdown.kernel.filemap.Writeback.SyncMode;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.Zap;
import shootdown.kernel.rmap.Rmap;
import shootdown.sched.Steps;

/// madvise(MADV_REMOVE): a hole in the shared memory, or in the file, that is mapped.
final class MadviseRemove {
  private final KernelData data;
  private final Steps steps;
  private final Truncate truncate;
  private final RemoveAccess access;
  private final RemoveLock lock;
  private final PunchHole punch;
  private final Writeback writeback;

  MadviseRemove(KernelData data, Decisions decisions, Zap zap) {
    this.data = data;
    this.steps = data.steps();
    this.lock = decisions.get(RemoveLock.class);
    this.access = decisions.get(RemoveAccess.class);
    this.punch = decisions.get(PunchHole.class);
    var pages = new PageCache(data, decisions);
    this.truncate = new Truncate(data, decisions, pages, zap::unmapMappingPages);
    this.writeback = new Writeback(data, decisions, pages, new Rmap(data, decisions));
  }

  /// Called with mmap_lock held for reading, which is dropped and taken again: the VMA may be gone
  /// then. Tells 0, or minus an errno's number.
  @Models(
      file = "mm/madvise.c",
      function = "madvise_remove",
      leavesOut = "userfaultfd; a reference to the file")
  long madviseRemove(Current me, Mm mm, Vma vma, Pages pages) {
    if (vma.has(Vma.VM_LOCKED) || vma.anonymous()) {
      return Errno.EINVAL.result();
    }
    if (!access.allows(vma)) {
      return Errno.EACCES.result();
    }
    var file = data.file(vma.file());
    boolean disk = file.is(FileData.Kind.DISK);
    if (disk && !punch.isKnown()) {
      return Errno.ENOSYS.result();
    }
    int from = vma.pageIndex(pages.from());
    int to = Math.min(vma.pageIndex(pages.to()), file.maxPages());
    steps.run(
        "madvise_remove",
        () -> {
          lock.begins(mm);
          if (disk) {
            writeback.filemapFdatawrite(me, file, from, to, SyncMode.ALL);
            writeback.filemapFdatawait(file, from, to);
            truncate.punchDiskHole(me, file, from, to);
          } else {
            truncate.punchHole(me, file, from, to);
          }
          lock.ends(mm);
        });
    return 0;
  }
}
