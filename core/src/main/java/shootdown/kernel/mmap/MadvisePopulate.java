package shootdown.kernel.mmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.gup.Gup;
import shootdown.kernel.history.Decisions;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// madvise() of MADV_POPULATE_READ and MADV_POPULATE_WRITE. The caller holds mmap_lock.
final class MadvisePopulate {
  private final Steps steps;
  private final Gup gup;
  private final PopulateErrno errno;
  private final PopulateGap gap;

  MadvisePopulate(KernelData data, Decisions decisions, Gup gup) {
    this.steps = data.steps();
    this.gup = gup;
    this.errno = decisions.get(PopulateErrno.class);
    this.gap = decisions.get(PopulateGap.class);
  }

  /// Faults pages in, up to the first that cannot be.
  ///
  /// @return 0; -ENOMEM at a gap, -EINVAL where the mapping does not allow it; for what is not
  ///     there, as [PopulateErrno] says
  @Models(
      file = "mm/madvise.c",
      function = "madvise_populate",
      leavesOut = "giving the lock back now and then")
  @Models(file = "mm/gup.c", function = "faultin_page_range")
  long madvisePopulate(Current me, Mm mm, Pages pages, boolean write) {
    int flags = write ? Gup.FOLL_WRITE | Gup.FOLL_TOUCH : Gup.FOLL_TOUCH;
    return steps.call(
        "madvise_populate",
        () ->
            steps.loop(
                "pages",
                new At(pages.from(), false),
                at -> {
                  if (at.vpn() >= pages.to()) {
                    return Turn.done(at.behindGap() ? Errno.ENOMEM.result() : 0L);
                  }
                  var vma = mm.vmaAt(at.vpn());
                  if (vma.isEmpty()) {
                    return gap == PopulateGap.ENDS
                        ? Turn.done(Errno.ENOMEM.result())
                        : Turn.again(new At(at.vpn() + 1, true));
                  }
                  if (!vma.get().vma().has(write ? Vma.VM_WRITE : Vma.VM_READ)) {
                    return Turn.done(Errno.EINVAL.result());
                  }
                  return gup.getUserPages(me, mm, at.vpn(), flags) < 0
                      ? Turn.done(errno.result())
                      : Turn.again(new At(at.vpn() + 1, at.behindGap()));
                }));
  }

  /// The next page, and whether a page before was not mapped.
  private record At(int vpn, boolean behindGap) {}
}
