package shootdown.kernel.rmap;

import java.util.function.Consumer;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.SplitHugePmd;
import shootdown.kernel.rmap.RmapWalk.Place;
import shootdown.machine.Pmdp;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// All that maps a huge folio, or pages of it, at a place: for those who take PTEs away.
final class MappedHuge {
  private final KernelData data;
  private final Steps steps;
  private final MappedPmd mappedPmd;
  private final MappedPte mapped;
  private final SplitHugePmd split;
  private final UnmapSync sync;
  private final UnmapSync pmdSync;
  private final SplitMigratingOther other;
  private final WalkPastNoTable noTable;

  MappedHuge(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.mappedPmd = new MappedPmd(data, decisions);
    this.mapped = new MappedPte(data, decisions);
    this.split = new SplitHugePmd(data, decisions);
    this.sync = decisions.get(UnmapSync.class);
    boolean locked = decisions.get(WalkPmd.class) == WalkPmd.LOCKED;
    this.other = decisions.get(SplitMigratingOther.class);
    this.noTable = decisions.get(WalkPastNoTable.class);
    this.pmdSync = locked || sync == UnmapSync.WAITS ? UnmapSync.WAITS : UnmapSync.PASSES;
  }

  /// What is done with a PTE that maps a page of the folio, under its lock.
  @FunctionalInterface
  interface Action {
    void apply(Folio page, Place there, Ptep ptep);
  }

  /// Splits a PMD entry that maps the folio there, then does `action` with each PTE that maps a
  /// page of it: TTU_SPLIT_HUGE_PMD, and TTU_SYNC where [UnmapSync] says so.
  @Models(
      file = "mm/page_vma_mapped.c",
      function = "page_vma_mapped_walk")
  void splitThenEach(
      Current me, Folio huge, Place place, SplitHugePmd.Into into, Action action) {
    if (other == SplitMigratingOther.DEREFERENCES && mappedPmd.isMigration(place)) {
      throw steps.fail(
          new Violation("kernel bug", "an oops: a migration entry is taken for a folio"));
    }
    boolean ptes =
        mappedPmd.withMapped(
            huge,
            place,
            pmdSync,
            true,
            false,
            pmdp -> {
              split.splitHugePmdLocked(me, place.mm(), pmdp, into);
              return true;
            });
    if (ptes) {
      eachPte(huge, place, action);
    }
  }

  /// As [#splitThenEach], where a PMD entry that maps the folio is not split: it is for `whole`.
  void wholeThenEach(Folio huge, Place place, Consumer<Pmdp> whole, Action action) {
    boolean ptes =
        mappedPmd.withMapped(
            huge,
            place,
            UnmapSync.PASSES,
            true,
            false,
            pmdp -> {
              whole.accept(pmdp);
              return false;
            });
    if (ptes) {
      eachPte(huge, place, action);
    }
  }

  /// How many pages of the place the walk comes to.
  private int reached(Place place) {
    if (noTable != WalkPastNoTable.ENDS) {
      return place.pages();
    }
    return steps.scope(
        () -> {
          int i = 0;
          while (i < place.pages() && !data.pmdp(place.mm(), place.vpn() + i).get().isNone()) {
            i++;
          }
          return i;
        });
  }

  private void eachPte(Folio huge, Place place, Action action) {
    int first = place.firstOf(huge);
    steps.each(
        0,
        reached(place),
        i -> {
          var page = data.folios().page(huge, first + i);
          var there = place.page(i);
          mapped.withMapped(
              page,
              there,
              sync,
              false,
              ptep -> {
                action.apply(page, there, ptep);
                return true;
              });
        });
  }
}
