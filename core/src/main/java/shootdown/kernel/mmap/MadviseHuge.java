package shootdown.kernel.mmap;

import java.util.List;
import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.HugePmds;
import shootdown.kernel.pgtable.InvalidatePmd;
import shootdown.kernel.pgtable.MmuGather;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.reclaim.Reclaim;
import shootdown.kernel.rmap.SplitHugePage;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.machine.Pmdp;
import shootdown.machine.Pte;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// MADV_FREE, MADV_COLD and MADV_PAGEOUT where a PMD entry maps a huge page. The whole of it is
/// advised as one page is; where it is a part, the folio is split, and the pages are advised one by
/// one. A folio that others share, or that cannot be split, stays as it is, and so does one that
/// migrates.
final class MadviseHuge {
  private final KernelData data;
  private final Steps steps;
  private final HugePmds huge;
  private final SplitHugePage split;
  private final InvalidatePmd invalidate;
  private final PageWalk walk;
  private final LazyFolio lazy;
  private final FreeHugePmd decision;
  private final ColdSplit coldSplit;
  private final Reclaim reclaim;

  MadviseHuge(KernelData data, Decisions decisions, Reclaim reclaim) {
    this.data = data;
    this.steps = data.steps();
    this.huge = new HugePmds(data);
    this.split = new SplitHugePage(data, decisions);
    this.walk = new PageWalk(data, decisions);
    this.invalidate = new InvalidatePmd(data, decisions);
    this.lazy = new LazyFolio(data);
    this.decision = decisions.get(FreeHugePmd.class);
    this.coldSplit = decisions.get(ColdSplit.class);
    this.reclaim = reclaim;
  }

  /// What was found under the PMD lock.
  private sealed interface Found {
    /// nothing is left to do
    record Done(MmuGather tlb, List<Folio> isolated) implements Found {}

    /// only a part is advised: the caller has a reference to the folio
    record Part(Folio folio) implements Found {}

    /// the entry maps no huge page any more
    record Changed() implements Found {}
  }

  /// MADV_FREE. Tells what was gathered; empty if the entry is to be looked at again.
  @Models(
      file = "mm/huge_memory.c",
      function = "madvise_free_huge_pmd")
  Optional<MmuGather> free(Current me, MmuGather tlb, Pages pages) {
    return steps.call(
        "madvise_free_huge_pmd",
        () -> {
          var found =
              huge.<Found>ifTransHugeOrSwap(
                  tlb.mm(), pages.from(), new Found.Changed(), () -> freeLocked(me, tlb, pages));
          return switch (found) {
            case Found.Done(var gathered, _) -> Optional.of(gathered);
            case Found.Changed _ -> Optional.<MmuGather>empty();
            case Found.Part(var folio) -> {
              boolean done = split.splitHugePage(me, folio, SplitHugePage.Pieces.ONE);
              unlockAndPut(folio);
              yield done ? Optional.<MmuGather>empty() : Optional.of(tlb);
            }
          };
        });
  }

  private Found freeLocked(Current me, MmuGather tlb, Pages pages) {
    var pmdp = data.pmdp(tlb.mm(), pages.from());
    var orig = pmdp.get().pte();
    if (MigrationEntry.isMigration(orig) || data.folios().isZero(orig.pfn())) {
      return new Found.Done(tlb, List.of());
    }
    var folio = data.folios().huge(orig.pfn());
    if (data.folios().mapcount(folio) != 1 || !folio.lock().tryLock()) {
      return new Found.Done(tlb, List.of());
    }
    if (!isWhole(pages)) {
      folio.get();
      return new Found.Part(folio);
    }
    folio.flags().clear(Folio.DIRTY);
    folio.lock().unlock();
    boolean used = orig.young() || orig.dirty();
    if (used) {
      var old = orig.without(Pte.YOUNG | Pte.DIRTY);
      if (decision == FreeHugePmd.CLEARED) {
        pmdp.hugeGetAndClear();
        pmdp.set(old);
      } else {
        invalidateAndSet(me, tlb.mm(), pmdp, old);
      }
    }
    lazy.folioMarkLazyfree(folio);
    return new Found.Done(
        used ? tlb.withPages(pages.from(), pages.to()) : tlb, List.of());
  }

  /// What `pmdp_invalidate()` tells is not looked at: what the hardware has set since the entry was
  /// read is lost.
  private void invalidateAndSet(Current me, int mm, Pmdp pmdp, Pte now) {
    invalidate.pmdpInvalidate(me, mm, pmdp);
    pmdp.set(now);
  }

  /// MADV_COLD and MADV_PAGEOUT. Tells what was gathered; empty if the entry is to be looked at
  /// again.
  @Models(
      file = "mm/madvise.c",
      function = "madvise_cold_or_pageout_pte_range",
      leavesOut = "as for PTEs")
  Optional<MmuGather> coldOrPageout(
      Current me, MmuGather tlb, Pages pages, MadvisePageout.Then then) {
    return steps.call(
        "madvise_cold_or_pageout_pmd",
        () -> {
          var found =
              huge.<Found>ifTransHugeOrSwap(
                  tlb.mm(),
                  pages.from(),
                  new Found.Changed(),
                  () -> ageLocked(me, tlb, pages, then));
          return switch (found) {
            case Found.Done(var gathered, var isolated) -> {
              reclaim.reclaimPages(me, isolated);
              yield Optional.of(gathered);
            }
            case Found.Changed _ -> Optional.<MmuGather>empty();
            case Found.Part(var folio) -> {
              folio.lock().lock();
              boolean done = split.splitHugePage(me, folio, SplitHugePage.Pieces.ONE);
              unlockAndPut(folio);
              if (done && coldSplit == ColdSplit.GOES_ON) {
                needsTable(tlb.mm(), pages.from());
              }
              yield done ? Optional.<MmuGather>empty() : Optional.of(tlb);
            }
          };
        });
  }

  /// What comes next is done to a page-table page.
  private void needsTable(int mm, int vpn) {
    if (data.table(mm, vpn).isEmpty()) {
      throw steps.fail(
          new Violation("kernel bug", "madvise() takes physical address 0 for a page table"));
    }
  }

  private Found ageLocked(
      Current me, MmuGather tlb, Pages pages, MadvisePageout.Then then) {
    var pmdp = data.pmdp(tlb.mm(), pages.from());
    var orig = pmdp.get().pte();
    if (MigrationEntry.isMigration(orig) || data.folios().isZero(orig.pfn())) {
      return new Found.Done(tlb, List.of());
    }
    var folio = data.folios().huge(orig.pfn());
    if (data.folios().mapcount(folio) != 1) {
      return new Found.Done(tlb, List.of());
    }
    if (!isWhole(pages)) {
      folio.get();
      return new Found.Part(folio);
    }
    boolean young = then == MadvisePageout.Then.NOTHING && orig.young();
    if (young) {
      invalidateAndSet(me, tlb.mm(), pmdp, orig.without(Pte.YOUNG));
    }
    folio.flags().clear(Folio.REFERENCED);
    boolean takes = then == MadvisePageout.Then.RECLAIM && data.folios().folioIsolateLru(folio);
    return new Found.Done(
        young ? tlb.withPages(pages.from(), pages.to()) : tlb,
        takes ? List.of(folio) : List.of());
  }

  /// What has become of a PTE whose folio was to be split.
  enum Mapped {
    AS_BEFORE,
    /// it is to be looked at again
    SPLIT,
    /// the page-table page is in no page table any more, and not locked
    GONE
  }

  /// Splits the folio of a page that a PTE maps, if it is a huge one and no other PTE maps the
  /// page. The page-table lock is held, and given back for a while.
  @Models(
      file = "mm/madvise.c",
      function = "madvise_folio_pte_batch",
      leavesOut = "that folios of which all pages are advised are not split since v6.10")
  Mapped splitMapped(Current me, PageWalk.Part part, int vpn) {
    if (!data.layout().hasHugePages()) {
      return Mapped.AS_BEFORE;
    }
    return steps.call(
        "madvise_split_folio",
        () -> {
          var pte = part.table().pte(vpn).get();
          if (!VmPageProt.ptePresent(pte)) {
            return Mapped.AS_BEFORE;
          }
          var page = data.folios().folio(pte.pfn());
          if (!page.isLarge() || !page.mapcount().is(1) || !page.lock().tryLock()) {
            return Mapped.AS_BEFORE;
          }
          page.get();
          part.table().ptl().unlock();
          boolean done = split.splitHugePage(me, page, SplitHugePage.Pieces.ONE);
          var now = data.folios().folio(page.pfn());
          now.lock().unlock();
          data.folios().put(now);
          if (!walk.lock(part.table(), vpn)) {
            return Mapped.GONE;
          }
          return done ? Mapped.SPLIT : Mapped.AS_BEFORE;
        });
  }

  private boolean isWhole(Pages pages) {
    return pages.count() == data.layout().ptrsPerPte();
  }

  /// Drops lock and reference of the first page, be it a folio of its own by now or not.
  private void unlockAndPut(Folio folio) {
    var now = data.folios().folio(folio.head());
    now.lock().unlock();
    data.folios().put(now);
  }
}
