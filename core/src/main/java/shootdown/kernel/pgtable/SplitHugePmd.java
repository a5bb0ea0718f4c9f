package shootdown.kernel.pgtable;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Pmd;
import shootdown.machine.Pmdp;
import shootdown.machine.Pte;
import shootdown.sched.Steps;

/// Splits huge PMD entries: the same pages, mapped by PTEs. The folio stays as it is.
///
/// ```text
/// (F8 W D) -> (F8 W D), not present -> flush -> PTEs in a page-table page that nobody finds -> it
/// ```
public final class SplitHugePmd {
  private final KernelData data;
  private final Steps steps;
  private final HugePmds huge;
  private final PmdpInvalidate decision;

  public SplitHugePmd(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.huge = new HugePmds(data);
    this.decision = decisions.get(PmdpInvalidate.class);
  }

  /// Splits the PMD entry that covers page `vpn` if it maps a huge page.
  @Models(file = "mm/huge_memory.c", function = "__split_huge_pmd", leavesOut = "MMU notifiers")
  public void splitHugePmd(Current me, int mm, int vpn) {
    steps.run(
        "__split_huge_pmd",
        () ->
            huge.ifTransHuge(
                mm,
                vpn,
                false,
                () -> {
                  splitHugePmdLocked(me, mm, data.pmdp(mm, vpn));
                  return true;
                }));
  }

  /// Splits the entry if it maps a huge page that reaches over `vpn`, where a VMA is to be split.
  @Models(file = "mm/huge_memory.c", function = "split_huge_pmd_if_needed")
  public void splitHugePmdIfNeeded(Current me, int mm, int vpn) {
    boolean inside = vpn != data.layout().pmdStart(vpn);
    if (inside && data.isHuge(mm, vpn)) {
      splitHugePmd(me, mm, vpn);
    }
  }

  /// The rights are the entry's: the VMA's, as they were when it was made or changed.
  @Models(
      file = "mm/huge_memory.c",
      function = "__split_huge_pmd_locked",
      leavesOut = "files, the zero page, userfaultfd, soft-dirty, migration entries")
  public void splitHugePmdLocked(Current me, int mm, Pmdp pmdp) {
    boolean first = decision == PmdpInvalidate.EXCHANGED;
    var old = first ? pmdpInvalidate(me, mm, pmdp) : pmdp.get();
    var folio = data.folios().huge(old.pte().pfn());
    if (old.pte().dirty()) {
      folio.flags().set(Folio.DIRTY);
    }
    folio.refcount().add(folio.pages() - 1);
    addAnonRmaps(folio);
    int table = data.mm(mm).withdraw();
    steps.each(
        0,
        folio.pages(),
        i -> data.machine().ptepIn(table, mm, pmdp.vpn() + i).set(old.pteAt(i)));
    if (!first) {
      pmdpInvalidate(me, mm, pmdp);
    }
    huge.folioRemoveRmapPmd(folio);
    pmdp.populate(table);
  }

  @Models(file = "mm/rmap.c", function = "folio_add_anon_rmap_ptes", leavesOut = "statistics")
  private void addAnonRmaps(Folio folio) {
    boolean exclusive = folio.pageFlags().test(Folio.ANON_EXCLUSIVE);
    steps.each(
        0,
        folio.pages(),
        i -> {
          var page = data.folios().page(folio, i);
          page.mapcount().add(1);
          if (exclusive && i > 0) {
            page.pageFlags().set(Folio.ANON_EXCLUSIVE);
          }
        });
  }

  /// Makes the entry invalid and flushes it; tells the old one.
  @Models(file = "mm/pgtable-generic.c", function = "pmdp_invalidate")
  private Pmd pmdpInvalidate(Current me, int mm, Pmdp pmdp) {
    return steps.call(
        "pmdp_invalidate",
        () -> {
          var invalid = pmdp.get().pte().without(Pte.PRESENT);
          Pmd old;
          if (decision == PmdpInvalidate.EXCHANGED) {
            old = Pmd.huge(pmdp.establish(invalid));
          } else {
            pmdp.set(invalid);
            old = Pmd.huge(invalid);
          }
          huge.flush(me.cpu(), mm, pmdp);
          return old;
        });
  }
}
