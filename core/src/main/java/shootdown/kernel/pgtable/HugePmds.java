package shootdown.kernel.pgtable;

import java.util.function.Predicate;
import java.util.function.Supplier;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.machine.Pmd;
import shootdown.machine.Pmdp;
import shootdown.machine.Pte;
import shootdown.sched.Steps;

/// PMD entries that map huge pages, and the lock that they change under.
public final class HugePmds {
  private final KernelData data;
  private final Steps steps;
  private final VmPageProt prot;

  public HugePmds(KernelData data) {
    this.data = data;
    this.steps = data.steps();
    this.prot = new VmPageProt(data);
  }

  /// Does `action` under the PMD lock if the entry that covers page `vpn` maps a huge page, and
  /// tells what it told; else `otherwise`.
  @Models(file = "mm/huge_memory.c", function = "__pmd_trans_huge_lock")
  public <T> T ifTransHuge(int mm, int vpn, T otherwise, Supplier<T> action) {
    return locked(mm, vpn, Pmd::isHuge, otherwise, action);
  }

  /// As [#ifTransHuge], where the entry may stand for a huge page that migrates, too.
  @Models(file = "mm/huge_memory.c", function = "__pmd_trans_huge_lock")
  public <T> T ifTransHugeOrSwap(int mm, int vpn, T otherwise, Supplier<T> action) {
    return locked(mm, vpn, Pmd::isLeaf, otherwise, action);
  }

  private <T> T locked(
      int mm, int vpn, Predicate<Pmd> wanted, T otherwise, Supplier<T> action) {
    return steps.scope(
        () -> {
          var lock = data.mm(mm).pageTableLock();
          lock.lock();
          boolean huge =
              steps.recheck("pmd_trans_huge", () -> wanted.test(data.pmdp(mm, vpn).get()));
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
        && isSuitable(vma, vpn);
  }

  /// Whether the VMA has the whole huge page that page `vpn` would be part of, and maps it where an
  /// entry can: in a file huge pages begin at multiples of their size, too.
  @Models(file = "include/linux/huge_mm.h", function = "thp_vma_suitable_order")
  public boolean isSuitable(Vma vma, int vpn) {
    var layout = data.layout();
    boolean aligned =
        vma.anonymous() || (vma.start() - vma.pgoff()) % layout.ptrsPerPte() == 0;
    return aligned && vma.start() <= layout.pmdStart(vpn) && layout.pmdEnd(vpn) <= vma.end();
  }

  /// Makes a huge folio that nobody knows yet the anonymous page of a PMD entry that is none, and
  /// for which a page-table page is in store. The PMD lock is held.
  ///
  /// @param dirty [Pte#DIRTY], or 0
  /// @param ground tells what the folio holds; part of the step that sets the entry
  @Models(file = "mm/huge_memory.c", function = "map_anon_folio_pmd", leavesOut = "statistics, LRU")
  public void mapAnonFolioPmd(Pmdp pmdp, Vma vma, Folio folio, long dirty, Runnable ground) {
    folio.mapping().write(Folio.anon(vma));
    folio.index().write(vma.pageIndex(pmdp.vpn()));
    folio.flags().write(Folio.UPTODATE | Folio.SWAPBACKED | Folio.ANON_EXCLUSIVE);
    data.folios().entireMapcount(folio).write(1);
    var entry = prot.mkPte(folio, vma).with(dirty);
    steps.atomic(
        "set_pmd_at",
        () -> {
          ground.run();
          pmdp.set(VmPageProt.maybeMkwrite(entry, vma));
        });
  }

  /// Tells the ground that a huge folio is private memory, zeroed: for [#mapAnonFolioPmd].
  public void holdsZeroes(int mm, Pmdp pmdp, Folio folio) {
    steps.each(
        0,
        folio.pages(),
        i -> data.ground().holdsPrivateZero(folio.pfn() + i, mm, pmdp.vpn() + i));
  }

  /// Takes an entry away and flushes it; tells what it was.
  @Models(file = "mm/pgtable-generic.c", function = "pmdp_huge_clear_flush")
  public Pte pmdpHugeClearFlush(Current me, int mm, Pmdp pmdp) {
    return steps.call(
        "pmdp_huge_clear_flush",
        () -> {
          var old = pmdp.hugeGetAndClear();
          flush(me.cpu(), mm, pmdp);
          return old;
        });
  }

  /// A PMD entry maps a folio of a file from now on.
  @Models(file = "mm/rmap.c", function = "folio_add_file_rmap_pmd", leavesOut = "statistics")
  public void folioAddFileRmapPmd(Folio folio) {
    data.folios().addRmap(data.folios().entireMapcount(folio));
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
    data.folios().removeRmap(data.folios().entireMapcount(folio));
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
