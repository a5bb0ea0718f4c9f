package shootdown.kernel.khugepaged;

import java.util.Optional;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.HugePmds;

/// Which VMAs may have collapsed pages.
final class ThpVma {
  private final KernelData data;
  private final HugePmds huge;
  private final CollapseShmem shmem;

  ThpVma(KernelData data, Decisions decisions) {
    this.data = data;
    this.huge = new HugePmds(data);
    this.shmem = decisions.get(CollapseShmem.class);
  }

  /// Whether the VMA may have collapsed pages somewhere.
  @Models(
      file = "mm/huge_memory.c",
      function = "__thp_vma_allowable_orders",
      leavesOut = "files on disk; /sys/kernel/mm/transparent_hugepage: it is madvise, or advise of"
          + " shared memory")
  boolean isAllowable(Vma vma, Initiator by) {
    return (vma.anonymous() || isShmem(vma) && shmem.isFor(by))
        && !vma.has(Vma.VM_NOHUGEPAGE)
        && (by == Initiator.MADVISE || vma.has(Vma.VM_HUGEPAGE))
        && vma.end() >= data.layout().ptrsPerPte()
        && huge.isSuitable(vma, vma.end() - data.layout().ptrsPerPte());
  }

  private boolean isShmem(Vma vma) {
    return data.file(vma.file()).is(FileData.Kind.SHMEM);
  }

  /// Whether the VMA may have a collapsed page of which page `vpn` is a part.
  boolean isAllowableAt(Vma vma, int vpn, Initiator by) {
    return isAllowable(vma, by) && huge.isSuitable(vma, vpn);
  }

  /// The VMA at page `vpn` as it is now, if a huge page may be there.
  @Models(file = "mm/khugepaged.c", function = "hugepage_vma_revalidate")
  Optional<Vma> revalidate(Mm mm, int vpn, Initiator by) {
    return mm.vmaAt(vpn).map(VmaSlot::vma).filter(vma -> isAllowableAt(vma, vpn, by));
  }
}
