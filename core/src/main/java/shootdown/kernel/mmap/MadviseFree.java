package shootdown.kernel.mmap;

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
import shootdown.kernel.swap.FreeSwap;
import shootdown.kernel.swap.SwapCache;
import shootdown.kernel.swap.SwapEntry;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// madvise(MADV_FREE): pages may be dropped instead of swapped out, unless they are stored to. They
/// are made clean and old, and marked: a store makes them dirty again.
final class MadviseFree {
  private final KernelData data;
  private final Steps steps;
  private final PageWalk walk;
  private final TlbGather gather;
  private final BatchedFlush batched;
  private final SwapCache swapCache;
  private final FreeSwap freeSwap;
  private final LazyFolio lazy;
  private final MadviseHuge huge;

  MadviseFree(KernelData data, Decisions decisions, MadviseHuge huge) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new PageWalk(data, decisions);
    this.gather = new TlbGather(data, decisions);
    this.batched = new BatchedFlush(data, decisions);
    this.swapCache = new SwapCache(data);
    this.freeSwap = new FreeSwap(data, decisions);
    this.lazy = new LazyFolio(data);
    this.huge = huge;
  }

  /// Frees pages of one anonymous VMA lazily.
  @Models(
      file = "mm/madvise.c",
      function = "madvise_free_single_vma",
      leavesOut = "MMU notifiers, per-CPU lists of pages")
  void madviseFreeSingleVma(Current me, Mm mm, Pages pages) {
    data.ground().lazyFreeBegins(mm.number(), pages.from(), pages.to());
    steps.run(
        "madvise_free_single_vma",
        () -> {
          var tlb = gather.tlbGatherMmu(mm.number());
          var freed =
              walk.parts(
                  mm.number(),
                  pages.from(),
                  pages.to(),
                  tlb,
                  (from, to, live) -> huge.free(me, live, new Pages(from, to)),
                  (part, live) -> Optional.of(madviseFreePteRange(me, live, part)));
          gather.tlbFinishMmu(me, freed, pages.from(), pages.to());
        });
    data.ground().lazyFreeEnds(mm.number(), pages.from(), pages.to());
  }

  private static final int GONE = -1;

  /// What is live while entries are freed.
  ///
  /// @param vpn the next page; [#GONE] if the page-table page is, and not locked
  /// @param tlb what is to be flushed
  private record Freeing(int vpn, MmuGather tlb) {}

  @Models(
      file = "mm/madvise.c",
      function = "madvise_free_pte_range",
      leavesOut = "large folios: their pages are advised one by one")
  private MmuGather madviseFreePteRange(Current me, MmuGather tlb, PageWalk.Part part) {
    return steps.call(
        "madvise_free_pte_range",
        () -> {
          if (!walk.lockUnderMmapLock(part.table(), part.from())) {
            return tlb;
          }
          batched.flushTlbBatchedPending(me, tlb.mm());
          var freed =
              steps.<Freeing, Freeing>loop(
                  "ptes", new Freeing(part.from(), tlb), at -> freeNext(me, at, part));
          if (freed.vpn() != GONE) {
            part.table().ptl().unlock();
          }
          return freed.tlb();
        });
  }

  private Turn<Freeing, Freeing> freeNext(Current me, Freeing at, PageWalk.Part part) {
    if (at.vpn() == part.to()) {
      return Turn.done(at);
    }
    return switch (huge.splitMapped(me, part, at.vpn())) {
      case AS_BEFORE -> {
        boolean flush = freePte(part.table().pte(at.vpn()));
        yield Turn.again(
            new Freeing(at.vpn() + 1, flush ? at.tlb().withPage(at.vpn()) : at.tlb()));
      }
      case SPLIT -> Turn.again(at);
      case GONE -> Turn.done(new Freeing(GONE, at.tlb()));
    };
  }

  /// Tells whether the entry must be flushed.
  private boolean freePte(Ptep ptep) {
    return steps.scope(
        () -> {
          var cleaned = steps.scope(() -> cleanPte(ptep));
          cleaned.ifPresent(page -> lazy.folioMarkLazyfree(page.folio()));
          return cleaned.isPresent() && cleaned.get().flush();
        });
  }

  /// A page that is to be free lazily.
  ///
  /// @param flush whether its entry has changed
  private record Cleaned(Folio folio, boolean flush) {}

  private Optional<Cleaned> cleanPte(Ptep ptep) {
    var pte = ptep.get();
    if (SwapEntry.isSwap(pte)) {
      ptep.set(Pte.NONE);
      freeSwap.freeSwapAndCache(SwapEntry.slot(pte));
      return Optional.empty();
    }
    if (!VmPageProt.ptePresent(pte)) {
      return Optional.empty();
    }
    var normal = data.folios().vmNormalFolio(pte).filter(page -> !page.isLarge());
    if (normal.isEmpty() || !makeClean(normal.get())) {
      return Optional.empty();
    }
    boolean flush = pte.young() || pte.dirty();
    if (flush) {
      ptep.set(ptep.getAndClear().without(Pte.YOUNG | Pte.DIRTY));
    }
    return Optional.of(new Cleaned(normal.get(), flush));
  }

  /// Tells whether the folio is clean now, and nobody else's.
  private boolean makeClean(Folio folio) {
    if (!folio.flags().test(Folio.SWAPCACHE | Folio.DIRTY)) {
      return true;
    }
    if (!folio.lock().tryLock()) {
      return false;
    }
    boolean alone =
        folio.mapcount().is(1)
            && (!folio.flags().test(Folio.SWAPCACHE) || swapCache.folioFreeSwap(folio));
    if (alone) {
      folio.flags().clear(Folio.DIRTY);
    }
    folio.lock().unlock();
    return alone;
  }
}
