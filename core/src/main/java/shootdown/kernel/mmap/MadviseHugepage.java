package shootdown.kernel.mmap;

import static shootdown.kernel.mmap.MmanConstants.MADV_HUGEPAGE;
import static shootdown.kernel.mmap.MmanConstants.MADV_NOHUGEPAGE;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// madvise(MADV_HUGEPAGE) and madvise(MADV_NOHUGEPAGE): flags of VMAs, which faults look at. What
/// is mapped stays as it is.
final class MadviseHugepage {
  private final KernelData data;
  private final Steps steps;
  private final VmaLinks links;

  MadviseHugepage(KernelData data, VmaLinks links) {
    this.data = data;
    this.steps = data.steps();
    this.links = links;
  }

  /// Whether the advice is one of these.
  static boolean isFor(long advice) {
    return advice == MADV_HUGEPAGE || advice == MADV_NOHUGEPAGE;
  }

  /// Gaps are skipped, and make the call fail at its end.
  long madvise(Current me, Mm mm, Pages pages, long advice) {
    record At(int vpn, boolean gap) {}
    mm.mmapLock().lock();
    long result =
        steps.loop(
            "vmas",
            new At(pages.from(), false),
            at -> {
              if (at.vpn() == pages.to()) {
                return Turn.done(at.gap() ? Errno.ENOMEM.result() : 0L);
              }
              var next = mm.firstOverlap(at.vpn(), pages.to());
              if (next.isEmpty()) {
                return Turn.done(Errno.ENOMEM.result());
              }
              var vma = next.get().vma();
              int from = Math.max(at.vpn(), vma.start());
              int to = Math.min(vma.end(), pages.to());
              updateVma(me, mm, new Pages(from, to), hugepageMadvise(vma.flags(), advice));
              return Turn.again(new At(to, at.gap() || from > at.vpn()));
            });
    mm.mmapLock().unlock();
    return result;
  }

  @Models(
      file = "mm/khugepaged.c",
      function = "hugepage_madvise",
      leavesOut = "that khugepaged comes by; special mappings")
  private static long hugepageMadvise(long flags, long advice) {
    return advice == MADV_HUGEPAGE
        ? flags & ~Vma.VM_NOHUGEPAGE | Vma.VM_HUGEPAGE
        : flags & ~Vma.VM_HUGEPAGE | Vma.VM_NOHUGEPAGE;
  }

  @Models(file = "mm/madvise.c", function = "madvise_update_vma")
  private void updateVma(Current me, Mm mm, Pages pages, long flags) {
    steps.run(
        "madvise_update_vma",
        () -> {
          if (mm.vmaAt(pages.from()).orElseThrow().vma().flags() == flags) {
            return;
          }
          links.splitVma(me, mm, pages.from());
          links.splitVma(me, mm, pages.to());
          links.vmFlagsReset(mm, mm.vmaAt(pages.from()).orElseThrow(), flags);
          links.mergeAt(mm, pages.from());
          links.mergeAt(mm, pages.to());
        });
  }
}
