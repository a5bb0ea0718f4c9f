package shootdown.kernel.pgtable;

import java.util.function.UnaryOperator;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.machine.Pte;
import shootdown.sched.Steps;

/// Maps huge pages of files by PMD entries.
public final class SetPmd {
  private final KernelData data;
  private final Steps steps;
  private final HugePmds huge;
  private final VmPageProt prot;

  public SetPmd(KernelData data) {
    this.data = data;
    this.steps = data.steps();
    this.huge = new HugePmds(data);
    this.prot = new VmPageProt(data);
  }

  /// Maps a locked huge folio by a PMD entry, if the VMA has the whole of it and no entry is there
  /// by now; tells whether it did. The caller's reference becomes the entry's.
  ///
  /// @param vpn any page of it
  /// @param rights what the entry allows besides what the VMA's entries do
  @Models(
      file = "mm/memory.c",
      function = "do_set_pmd",
      leavesOut = "a page-table page in store, which no port here needs; statistics")
  public boolean doSetPmd(
      int mm, Vma vma, int vpn, Folio folio, UnaryOperator<Pte> rights) {
    if (!huge.isSuitable(vma, vpn)) {
      return false;
    }
    return steps.call(
        "do_set_pmd",
        () -> {
          var lock = data.mm(mm).pageTableLock();
          lock.lock();
          var pmdp = data.pmdp(mm, vpn);
          boolean free = steps.recheck("pmd_none", pmdp::isNone);
          if (free) {
            var head = data.folios().page(folio, 0);
            huge.folioAddFileRmapPmd(head);
            pmdp.set(rights.apply(prot.mkPte(head, vma)));
          }
          lock.unlock();
          return free;
        });
  }
}
