package shootdown.kernel.mmap;

import static java.util.Map.entry;
import static shootdown.kernel.mmap.MmanConstants.MADV_DOFORK;
import static shootdown.kernel.mmap.MmanConstants.MADV_DONTFORK;
import static shootdown.kernel.mmap.MmanConstants.MADV_HUGEPAGE;
import static shootdown.kernel.mmap.MmanConstants.MADV_KEEPONFORK;
import static shootdown.kernel.mmap.MmanConstants.MADV_MERGEABLE;
import static shootdown.kernel.mmap.MmanConstants.MADV_NOHUGEPAGE;
import static shootdown.kernel.mmap.MmanConstants.MADV_NORMAL;
import static shootdown.kernel.mmap.MmanConstants.MADV_RANDOM;
import static shootdown.kernel.mmap.MmanConstants.MADV_SEQUENTIAL;
import static shootdown.kernel.mmap.MmanConstants.MADV_UNMERGEABLE;
import static shootdown.kernel.mmap.MmanConstants.MADV_WIPEONFORK;

import java.util.Map;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.ksm.BreakKsm;
import shootdown.sched.Steps;

/// Advice that is a flag of the VMA: what has it is a VMA of its own. What is mapped stays as it
/// is.
final class MadviseFlags {
  private static final Map<Long, Change> CHANGES =
      Map.ofEntries(
          entry(MADV_NORMAL, new Change(Vma.VM_RAND_READ | Vma.VM_SEQ_READ, 0)),
          entry(MADV_RANDOM, new Change(Vma.VM_SEQ_READ, Vma.VM_RAND_READ)),
          entry(MADV_SEQUENTIAL, new Change(Vma.VM_RAND_READ, Vma.VM_SEQ_READ)),
          entry(MADV_DONTFORK, new Change(0, Vma.VM_DONTCOPY)),
          entry(MADV_DOFORK, new Change(Vma.VM_DONTCOPY, 0)),
          entry(MADV_MERGEABLE, new Change(0, Vma.VM_MERGEABLE)),
          entry(MADV_UNMERGEABLE, new Change(Vma.VM_MERGEABLE, 0)),
          entry(MADV_HUGEPAGE, new Change(Vma.VM_NOHUGEPAGE, Vma.VM_HUGEPAGE)),
          entry(MADV_NOHUGEPAGE, new Change(Vma.VM_HUGEPAGE, Vma.VM_NOHUGEPAGE)),
          entry(MADV_WIPEONFORK, new Change(0, Vma.VM_WIPEONFORK)),
          entry(MADV_KEEPONFORK, new Change(Vma.VM_WIPEONFORK, 0)));

  private final Steps steps;
  private final VmaLinks links;
  private final BreakKsm breakKsm;

  private record Change(long clears, long sets) {
    long of(long flags) {
      return flags & ~clears | sets;
    }
  }

  MadviseFlags(KernelData data, VmaLinks links, BreakKsm breakKsm) {
    this.steps = data.steps();
    this.links = links;
    this.breakKsm = breakKsm;
  }

  /// Whether the advice is one of these.
  static boolean isFor(long advice) {
    return CHANGES.containsKey(advice);
  }

  /// Gives pages of one VMA what is advised.
  @Models(file = "mm/madvise.c", function = "madvise_update_vma", leavesOut = "names")
  @Models(
      file = "mm/khugepaged.c",
      function = "hugepage_madvise",
      leavesOut = "that khugepaged comes by; special mappings")
  @Models(file = "mm/ksm.c", function = "ksm_madvise", leavesOut = "special mappings")
  void madviseUpdateVma(Current me, Mm mm, Pages pages, long advice) {
    steps.run(
        "madvise_update_vma",
        () -> {
          var vma = mm.vmaAt(pages.from()).orElseThrow().vma();
          long old = vma.flags();
          long flags = CHANGES.get(advice).of(old);
          if (flags == old || advice == MADV_MERGEABLE && vma.shared()) {
            return;
          }
          if (advice == MADV_UNMERGEABLE) {
            breakKsm.unmergeKsmPages(me, mm, pages.from(), pages.to());
          }
          links.splitVma(me, mm, pages.from());
          links.splitVma(me, mm, pages.to());
          links.vmFlagsReset(mm, mm.vmaAt(pages.from()).orElseThrow(), flags);
          links.mergeAt(mm, pages.from());
          links.mergeAt(mm, pages.to());
        });
  }
}
