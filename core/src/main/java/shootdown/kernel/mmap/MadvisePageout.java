package shootdown.kernel.mmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.BatchedFlush;
import shootdown.kernel.pgtable.MmuGather;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.TlbGather;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.reclaim.Reclaim;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// madvise(MADV_COLD) makes pages old; MADV_PAGEOUT reclaims them, too, at once.
final class MadvisePageout {
  private final KernelData data;
  private final Steps steps;
  private final PageWalk walk;
  private final TlbGather gather;
  private final BatchedFlush batched;
  private final Reclaim reclaim;
  private final MadviseHuge huge;

  MadvisePageout(
      KernelData data, Decisions decisions, Reclaim reclaim, MadviseHuge huge) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new PageWalk(data, decisions);
    this.gather = new TlbGather(data, decisions);
    this.batched = new BatchedFlush(data, decisions);
    this.reclaim = reclaim;
    this.huge = huge;
  }

  /// MADV_COLD for pages of one VMA.
  @Models(file = "mm/madvise.c", function = "madvise_cold")
  void madviseCold(Current me, Mm mm, Pages pages) {
    steps.run("madvise_cold", () -> eachPart(me, mm, pages, Then.NOTHING));
  }

  /// MADV_PAGEOUT for pages of one VMA.
  @Models(file = "mm/madvise.c", function = "madvise_pageout", leavesOut = "rights on the file")
  void madvisePageout(Current me, Mm mm, Pages pages) {
    steps.run("madvise_pageout", () -> eachPart(me, mm, pages, Then.RECLAIM));
  }

  /// What becomes of the pages that were made old.
  enum Then {
    NOTHING,
    RECLAIM
  }

  private void eachPart(Current me, Mm mm, Pages pages, Then then) {
    var aged =
        walk.parts(
            mm.number(),
            pages.from(),
            pages.to(),
            gather.tlbGatherMmu(mm.number()),
            (from, to, live) -> huge.coldOrPageout(me, live, new Pages(from, to), then),
            (part, live) -> Optional.of(madviseColdOrPageoutPteRange(me, live, part, then)));
    gather.tlbFinishMmu(me, aged, pages.from(), pages.to());
  }

  private static final int GONE = -1;

  /// What is live while entries are aged.
  ///
  /// @param vpn the next page; [#GONE] if the page-table page is, and not locked
  /// @param tlb what is to be flushed
  /// @param isolated folios to be reclaimed
  private record Aging(int vpn, MmuGather tlb, List<Folio> isolated) {}

  @Models(
      file = "mm/madvise.c",
      function = "madvise_cold_or_pageout_pte_range",
      leavesOut = "large folios: their pages are advised one by one")
  private MmuGather madviseColdOrPageoutPteRange(
      Current me, MmuGather tlb, PageWalk.Part part, Then then) {
    var aged =
        steps.<Aging>call(
            "madvise_cold_or_pageout_pte_range",
            () -> {
              if (!walk.lockUnderMmapLock(part.table(), part.from())) {
                return new Aging(GONE, tlb, List.of());
              }
              batched.flushTlbBatchedPending(me, tlb.mm());
              var all =
                  steps.<Aging, Aging>loop(
                      "ptes",
                      new Aging(part.from(), tlb, List.of()),
                      at -> ageNext(me, at, part, then));
              if (all.vpn() != GONE) {
                part.table().ptl().unlock();
              }
              return all;
            });
    reclaim.reclaimPages(me, aged.isolated());
    return aged.tlb();
  }

  private Turn<Aging, Aging> ageNext(Current me, Aging at, PageWalk.Part part, Then then) {
    if (at.vpn() == part.to()) {
      return Turn.done(at);
    }
    return switch (huge.splitMapped(me, part, at.vpn())) {
      case AS_BEFORE -> Turn.again(age(at, part.table().pte(at.vpn()), then));
      case SPLIT -> Turn.again(at);
      case GONE -> Turn.done(new Aging(GONE, at.tlb(), at.isolated()));
    };
  }

  private Aging age(Aging at, Ptep ptep, Then then) {
    var pte = ptep.get();
    if (!VmPageProt.ptePresent(pte)) {
      return new Aging(at.vpn() + 1, at.tlb(), at.isolated());
    }
    var normal =
        data.folios()
            .vmNormalFolio(pte)
            .filter(page -> !page.isLarge() && page.mapcount().is(1));
    if (normal.isEmpty()) {
      return new Aging(at.vpn() + 1, at.tlb(), at.isolated());
    }
    var folio = normal.get();
    if (pte.young()) {
      steps.forget(() -> ptep.set(ptep.getAndClear().without(Pte.YOUNG)));
    }
    folio.flags().clear(Folio.REFERENCED);
    var tlb = pte.young() ? at.tlb().withPage(at.vpn()) : at.tlb();
    if (then == Then.NOTHING || !data.folios().folioIsolateLru(folio)) {
      return new Aging(at.vpn() + 1, tlb, at.isolated());
    }
    var isolated = new ArrayList<>(at.isolated());
    isolated.add(folio);
    return new Aging(at.vpn() + 1, tlb, List.copyOf(isolated));
  }
}
