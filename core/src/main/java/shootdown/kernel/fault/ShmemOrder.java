package shootdown.kernel.fault;

import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.history.Decisions;

/// Where faults make huge pages of shared memory.
final class ShmemOrder {
  private final KernelData data;
  private final ShmemHuge shmemHuge;

  ShmemOrder(KernelData data, Decisions decisions) {
    this.data = data;
    this.shmemHuge = decisions.get(ShmemHuge.class);
  }

  /// How large a folio a fault of the VMA makes where the file has none: whether it lies in the
  /// VMA as a whole makes no difference.
  @Models(
      file = "mm/shmem.c",
      function = "shmem_is_huge",
      leavesOut = "all but advise: mount options, and the end of the file; that since v6.12 shared"
          + " anonymous memory asks whether the VMA is suitable")
  PageCache.Order order(FileData file, Vma vma) {
    boolean huge =
        data.layout().hasHugePages()
            && data.machine().profile().hugePages()
            && shmemHuge == ShmemHuge.ADVISE
            && vma.has(Vma.VM_HUGEPAGE)
            && file.is(FileData.Kind.SHMEM);
    return huge ? PageCache.Order.HUGE : PageCache.Order.ONE_PAGE;
  }
}
