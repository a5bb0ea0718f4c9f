package shootdown.kernel.pgtable;

import java.util.function.Supplier;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.machine.Pmdp;
import shootdown.sched.Steps;

/// PMD entries that map huge pages, and the lock that they change under.
public final class HugePmds {
  private final KernelData data;
  private final Steps steps;

  public HugePmds(KernelData data) {
    this.data = data;
    this.steps = data.steps();
  }

  /// Does `action` under the PMD lock if the entry that covers page `vpn` maps a huge page, and
  /// tells what it told; else `otherwise`.
  @Models(file = "mm/huge_memory.c", function = "__pmd_trans_huge_lock")
  public <T> T ifTransHuge(int mm, int vpn, T otherwise, Supplier<T> action) {
    return steps.scope(
        () -> {
          var lock = data.mm(mm).pageTableLock();
          lock.lock();
          boolean huge =
              steps.recheck("pmd_trans_huge", () -> data.pmdp(mm, vpn).get().isHuge());
          var told = huge ? action.get() : otherwise;
          lock.unlock();
          return told;
        });
  }

  /// Whether a fault in the VMA at page `vpn` makes a huge page: the VMA asked for it, and has the
  /// whole aligned range.
  @Models(
      file = "mm/huge_memory.c",
      function = "__thp_vma_allowable_orders",
      leavesOut = "files, orders below a PMD, /sys/kernel/mm/transparent_hugepage: it is madvise")
  public boolean thpVmaAllowable(Vma vma, int vpn) {
    var layout = data.layout();
    return layout.hasHugePages()
        && vma.has(Vma.VM_HUGEPAGE)
        && vma.anonymous()
        && vma.start() <= layout.pmdStart(vpn)
        && layout.pmdEnd(vpn) <= vma.end();
  }

  /// Flushes the huge page that a PMD entry maps, or did.
  @Models(file = "include/linux/pgtable.h", function = "flush_pmd_tlb_range")
  public void flush(int cpu, int mm, Pmdp pmdp) {
    int pages = data.layout().ptrsPerPte();
    data.machine().flush().range(cpu, mm, pmdp.vpn(), pmdp.vpn() + pages);
  }

  /// The PMD entry maps the folio no more.
  @Models(file = "mm/rmap.c", function = "folio_remove_rmap_pmd", leavesOut = "statistics")
  public void folioRemoveRmapPmd(Folio folio) {
    data.folios().entireMapcount(folio).add(-1);
  }

  /// Sets the bits of `relaxed` that the entry lacks; tells whether it lacked any.
  @Models(file = "mm/pgtable-generic.c", function = "pmdp_set_access_flags")
  public boolean pmdpSetAccessFlags(Pmdp pmdp, long relaxed) {
    return steps.atomically(
        "pmdp_set_access_flags",
        () -> {
          var old = pmdp.get().pte();
          var entry = old.with(relaxed);
          if (entry.equals(old)) {
            return false;
          }
          pmdp.set(entry);
          return true;
        });
  }
}
