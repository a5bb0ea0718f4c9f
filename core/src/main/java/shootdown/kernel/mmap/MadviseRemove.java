package shootdown.kernel.mmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.filemap.Truncate;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.Zap;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// madvise(MADV_REMOVE): a hole in the shared memory that is mapped.
final class MadviseRemove {
  private final KernelData data;
  private final Steps steps;
  private final Truncate truncate;
  private final RemoveAccess access;
  private final RemoveLock lock;

  MadviseRemove(KernelData data, Decisions decisions, Zap zap) {
    this.data = data;
    this.steps = data.steps();
    this.lock = decisions.get(RemoveLock.class);
    this.access = decisions.get(RemoveAccess.class);
    this.truncate =
        new Truncate(data, decisions, new PageCache(data, decisions), zap::unmapMappingPages);
  }

  /// Called with mmap_lock held for reading, which is dropped and taken again: the VMA may be gone
  /// then. Tells 0, or minus an errno's number.
  @Models(
      file = "mm/madvise.c",
      function = "madvise_remove",
      leavesOut = "files on disk, which are a stated limit; userfaultfd; a reference to the file")
  long madviseRemove(Current me, Mm mm, Vma vma, Pages pages) {
    if (vma.has(Vma.VM_LOCKED) || vma.anonymous()) {
      return Errno.EINVAL.result();
    }
    if (!access.allows(vma)) {
      return Errno.EACCES.result();
    }
    var file = data.file(vma.file());
    if (!file.is(FileData.Kind.SHMEM)) {
      throw steps.fail(new Violation(Machine.LIMIT, "MADV_REMOVE of a file on disk"));
    }
    int from = vma.pageIndex(pages.from());
    int to = Math.min(vma.pageIndex(pages.to()), file.maxPages());
    steps.run(
        "madvise_remove",
        () -> {
          lock.begins(mm);
          truncate.punchHole(me, file, from, to);
          lock.ends(mm);
        });
    return 0;
  }
}
