package shootdown.kernel.pgtable;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.swap.SwapCache;
import shootdown.sched.Steps;

/// The life of an [MmuGather]: what it gathered is flushed, then freed.
public final class TlbGather {
  private final KernelData data;
  private final Steps steps;
  private final NestedGather nested;
  private final InaccessibleFlush inaccessible;
  private final SwapCache swapCache;
  private final FreeTables tables;
  private final GatherFlush flush;
  private final GatherRange range;
  private final boolean freesAtOnce;

  public TlbGather(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.nested = decisions.get(NestedGather.class);
    this.inaccessible = decisions.get(InaccessibleFlush.class);
    this.swapCache = new SwapCache(data);
    this.tables = new FreeTables(data, decisions);
    this.flush = new GatherFlush(data, decisions);
    this.range = decisions.get(GatherRange.class).on(data.machine().profile());
    this.freesAtOnce = decisions.get(GatherFree.class).atOnce(data.machine().profile());
  }

  /// Begins to gather what is unmapped from an address space.
  @Models(file = "mm/mmu_gather.c", function = "tlb_gather_mmu")
  public MmuGather tlbGatherMmu(int mm) {
    count(mm, 1);
    return MmuGather.of(mm);
  }

  /// Says that rights are about to be taken away that are flushed later, without a gather.
  @Models(file = "include/linux/mm_types.h", function = "inc_tlb_flush_pending")
  public void incTlbFlushPending(int mm) {
    if (isFlag()) {
      data.mm(mm).tlbFlushPending().write(1);
    } else if (inaccessible.pending() == InaccessibleFlush.Pending.COUNT) {
      data.mm(mm).tlbFlushPending().add(1);
    } else {
      count(mm, 1);
    }
  }

  /// Says that they are flushed.
  @Models(file = "include/linux/mm_types.h", function = "dec_tlb_flush_pending")
  public void decTlbFlushPending(int mm) {
    if (isFlag()) {
      data.mm(mm).tlbFlushPending().write(0);
    } else if (inaccessible.pending() == InaccessibleFlush.Pending.COUNT) {
      data.mm(mm).tlbFlushPending().add(-1);
    } else {
      count(mm, -1);
    }
  }

  /// Where gathers are counted in the same word it is no flag.
  private boolean isFlag() {
    return inaccessible.pending() == InaccessibleFlush.Pending.FLAG && !nested.counts();
  }

  /// As a gather does.
  private void count(int mm, int more) {
    if (nested.counts()) {
      data.mm(mm).tlbFlushPending().add(more);
    }
  }

  /// Flushes what was gathered and frees nothing.
  public MmuGather tlbFlushMmuTlbonly(Current me, MmuGather tlb) {
    return flush.tlbFlushMmuTlbonly(me, tlb);
  }

  /// As [#tlbFlushMmuTlbonly], where page `vpn` of a part has filled the gather.
  MmuGather tlbFlushFull(Current me, MmuGather tlb, PageWalk.Part part, int vpn) {
    flush.flush(me, tlb.mm(), range.flushed(tlb.span(), part, vpn, data.layout().pages()));
    return tlb.with(range.rest(tlb.span(), vpn));
  }

  /// Where a zap goes on when page `vpn` has filled the gather.
  int resumed(int vpn) {
    return range.resumed(vpn);
  }

  /// Gathers a folio of which a mapping is gone.
  @Models(file = "include/asm-generic/tlb.h", function = "__tlb_remove_folio_pages")
  MmuGather removeFolio(MmuGather tlb, Folio folio) {
    if (freesAtOnce) {
      swapCache.freePageAndSwapCache(folio);
      return tlb;
    }
    return tlb.withFolio(folio);
  }

  /// Whether what was gathered last has taken the last place, and there is no memory for more.
  @Models(
      file = "mm/mmu_gather.c",
      function = "__tlb_remove_page_size",
      leavesOut = "page sizes (e77b0852b551); that v4.8 and v4.9 flush before they put the page"
          + " there (e9d55e157034, 692a68c1544d)")
  @Models(
      file = "mm/mmu_gather.c",
      function = "tlb_next_batch",
      leavesOut = "that batches stay for the next pages; what limits their number, delayed rmaps"
          + " and MAX_GATHER_BATCH_COUNT: it is a choice, too, whether there is one more")
  boolean isFull(MmuGather tlb) {
    int places = tlb.pages().size() + (tables.byRcu() ? 0 : tlb.tables().size());
    return places % data.gatherRoom() == 0 && steps.choose(2) == 1;
  }

  /// Flushes and frees if the gather is full now.
  @Models(file = "include/asm-generic/tlb.h", function = "tlb_remove_page_size")
  MmuGather tlbRemovePage(Current me, MmuGather tlb) {
    return isFull(tlb)
        ? steps.call(
            "tlb_remove_page",
            () -> {
              flush.flush(me, tlb.mm(), range.flushed(tlb.span(), data.layout().pages()));
              return free(tlb.with(range.rest(tlb.span())));
            })
        : tlb;
  }

  /// Drops the mapping counts that had to wait for the flush.
  @Models(file = "mm/mmu_gather.c", function = "tlb_flush_rmaps")
  public MmuGather tlbFlushRmaps(MmuGather tlb) {
    tlb.delayed().forEach(folio -> data.folios().removeRmap(folio.mapcount()));
    return tlb.withoutDelayed();
  }

  /// Gathers a page-table page that the PMD entry of page `vpn` pointed to.
  public MmuGather pteFreeTlb(Current me, MmuGather tlb, int vpn, int table) {
    if (freesAtOnce) {
      data.pteFree(table);
      return tlb;
    }
    var more = tables.pteFreeTlb(me, tlb, vpn, table);
    return tables.byRcu() ? more : tlbRemovePage(me, more);
  }

  /// Flushes what was gathered, then frees the page-table pages and the pages.
  @Models(file = "mm/mmu_gather.c", function = "tlb_flush_mmu")
  public MmuGather tlbFlushMmu(Current me, MmuGather tlb) {
    return free(tlbFlushMmuTlbonly(me, tlb));
  }

  /// Frees what is flushed.
  @Models(file = "mm/mmu_gather.c", function = "tlb_flush_mmu_free")
  MmuGather free(MmuGather flushed) {
    tables.tlbTableFlush(flushed);
    steps.forget(() -> flushed.pages().forEach(swapCache::freePageAndSwapCache));
    return flushed.freed();
  }

  /// Ends a gather of a whole address space which nobody is to use any more: `fullmm`.
  @Models(
      file = "mm/mmu_gather.c",
      function = "tlb_finish_mmu",
      leavesOut = "what others gather meanwhile")
  public void tlbFinishFullmm(Current me, MmuGather tlb) {
    steps.run(
        "tlb_finish_mmu",
        () -> {
          boolean flush = data.machine().profile().flushesAtExit();
          tlbFlushMmu(me, flush ? tlb.withPages(0, data.layout().pages()) : tlb.flushed());
          count(tlb.mm(), -1);
        });
  }

  /// Ends gathering from pages `from` … `to`-1. What others cleared and have not flushed yet was
  /// not there to be gathered, but the caller relies on it to be gone.
  @Models(file = "mm/mmu_gather.c", function = "tlb_finish_mmu")
  @Models(file = "include/linux/mm_types.h", function = "mm_tlb_flush_nested")
  public void tlbFinishMmu(Current me, MmuGather tlb, int from, int to) {
    steps.run(
        "tlb_finish_mmu",
        () -> {
          steps.forget(() -> tlbFlushMmu(me, steps.scope(() -> widened(tlb, from, to))));
          count(tlb.mm(), -1);
        });
  }

  private MmuGather widened(MmuGather tlb, int from, int to) {
    boolean alone =
        !nested.counts()
            || steps.recheck(
                "mm_tlb_flush_nested", () -> data.mm(tlb.mm()).tlbFlushPending().is(1));
    return alone ? tlb : nested.widen(tlb, from, to, data.layout().pages());
  }
}
