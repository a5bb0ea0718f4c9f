package shootdown.kernel.pgtable;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.kernel.swap.SwapCache;
import shootdown.kernel.swap.SwapEntry;
import shootdown.machine.Pte;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// Takes pages out of page tables.
public final class Zap {
  private final KernelData data;
  private final Steps steps;
  private final PageWalk walk;
  private final TlbGather gather;
  private final ZapFlush zapFlush;
  private final ZapSingleFolio singleFolio;
  private final BatchedFlush batched;
  private final SwapCache swapCache;
  private final HugePmds huge;
  private final SplitHugePmd split;

  public Zap(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new PageWalk(data, decisions);
    this.gather = new TlbGather(data, decisions);
    this.zapFlush = decisions.get(ZapFlush.class);
    this.singleFolio = decisions.get(ZapSingleFolio.class);
    this.batched = new BatchedFlush(data, decisions);
    this.swapCache = new SwapCache(data);
    this.huge = new HugePmds(data);
    this.split = new SplitHugePmd(data, decisions);
  }

  /// Which pages of a VMA are zapped: `zap_details.even_cows`.
  public enum Details {
    /// all, private copies too
    EVEN_COWS,
    /// only pages of the file
    FILE_PAGES,
    /// `single_folio`: those of one folio, which the caller has locked and is about to take out of
    /// the page cache; only pages of the file
    SINGLE_FOLIO
  }

  /// Unmaps pages `from` … `to`-1, all of one VMA; what it unmapped is in the gather.
  @Models(
      file = "mm/memory.c",
      function = "unmap_page_range",
      leavesOut = "hugetlb, mlock, MMU notifiers")
  public MmuGather unmapPageRange(
      Current me, MmuGather tlb, int from, int to, Details details) {
    var zapped =
        walk.parts(
            tlb.mm(),
            from,
            to,
            tlb,
            (first, end, live) -> zapPmd(me, live, first, end),
            (part, live) -> zapPteRange(me, live, part, details));
    if (details == Details.SINGLE_FOLIO
        && data.layout().hasHugePages()
        && singleFolio == ZapSingleFolio.WAITS) {
      waitForZaps(tlb.mm(), from);
    }
    return zapped;
  }

  /// Where the entry is none, whoever has zapped it has counted that by the time he gives the PMD
  /// lock back. All of a huge folio is mapped by one entry.
  private void waitForZaps(int mm, int vpn) {
    steps.forget(
        () -> {
          if (data.pmdp(mm, vpn).isNone()) {
            data.mm(mm).pageTableLock().lock();
            data.mm(mm).pageTableLock().unlock();
          }
        });
  }

  /// Zaps a huge page, or splits the entry of one that is not to go whole. Whether there is one is
  /// looked at without the PMD lock first.
  @Models(
      file = "mm/memory.c",
      function = "zap_pmd_range",
      leavesOut = "giving the CPU away; that since v6.5 it looks again where the entry that it has"
          + " split is a huge one again")
  private Optional<MmuGather> zapPmd(Current me, MmuGather tlb, int from, int to) {
    if (to - from == data.layout().ptrsPerPte()) {
      return data.isLeaf(tlb.mm(), from)
          ? steps.call("zap_huge_pmd", () -> zapHugePmd(tlb, from))
          : Optional.empty();
    }
    split.splitHugePmd(me, tlb.mm(), from);
    // of a file nothing is left: what is mapped by now was mapped since
    boolean ptes = data.machine().tables().entry(tlb.mm(), from).isTable();
    return ptes ? Optional.empty() : Optional.of(tlb);
  }

  @Models(
      file = "mm/huge_memory.c",
      function = "zap_huge_pmd",
      leavesOut = "statistics; that releases up to v6.1, and some later ones, lose the dirty bit of"
          + " a file's entry here")
  private Optional<MmuGather> zapHugePmd(MmuGather tlb, int vpn) {
    return huge.ifTransHugeOrSwap(
        tlb.mm(),
        vpn,
        Optional.<MmuGather>empty(),
        () -> {
          var pmdp = data.pmdp(tlb.mm(), vpn);
          var taken = pmdp.hugeGetAndClear();
          if (MigrationEntry.isMigration(taken)) { // it counts for nothing, and no TLB holds it
            data.pteFree(data.mm(tlb.mm()).withdraw());
            return Optional.of(tlb);
          }
          var folio = data.folios().huge(taken.pfn());
          var zapped = tlb.withPages(vpn, vpn + folio.pages());
          if (data.folios().isZero(taken.pfn())) {
            data.pteFree(data.mm(tlb.mm()).withdraw());
            return Optional.of(zapped);
          }
          huge.folioRemoveRmapPmd(folio);
          if (folio.isAnon()) {
            data.pteFree(data.mm(tlb.mm()).withdraw());
          } else {
            tellFilePage(folio, taken);
          }
          return Optional.of(zapped.withFolio(folio));
        });
  }

  /// Unmaps and flushes pages `from` … `to`-1 of one VMA.
  @Models(file = "mm/memory.c", function = "zap_page_range_single", leavesOut = "MMU notifiers")
  public void zapPageRangeSingle(Current me, int mm, int from, int to, Details details) {
    steps.run(
        "zap_page_range_single",
        () -> {
          var tlb = gather.tlbGatherMmu(mm);
          gather.tlbFinishMmu(me, unmapPageRange(me, tlb, from, to, details), from, to);
        });
  }

  /// Unmaps pages `from` … `to`-1 of a file from all address spaces.
  @Models(file = "mm/memory.c", function = "unmap_mapping_pages", leavesOut = "hugetlb")
  @Models(file = "mm/memory.c", function = "unmap_mapping_folio")
  public void unmapMappingPages(
      Current me, FileData file, int from, int to, Details details) {
    var range = new FileRange(file.number(), from, to);
    steps.run(
        "unmap_mapping_pages",
        () -> {
          file.mmapRwsem().readLock();
          steps.each(0, data.mms().size(), i -> unmapIn(me, data.mm(i), range, details));
          file.mmapRwsem().readUnlock();
        });
  }

  private void unmapIn(Current me, Mm mm, FileRange range, Details details) {
    steps.loop(
        "i_mmap",
        0,
        slot -> {
          data.file(range.file()).mappings().look();
          var found = mm.next(slot, range::isMappedBy);
          if (found.isEmpty()) {
            return Turn.done(true);
          }
          var vma = found.get().vma();
          int first = vma.address(Math.max(range.from(), vma.pgoff()));
          int end = vma.address(Math.min(range.to(), vma.pgoff() + vma.pages()));
          zapPageRangeSingle(me, mm.number(), first, end, details);
          return Turn.again(found.get().slot() + 1);
        });
  }

  /// Pages `from` … `to`-1 of a file.
  private record FileRange(int file, int from, int to) {
    boolean isMappedBy(Vma vma) {
      return vma.file() == file && vma.pgoff() < to && from < vma.pgoff() + vma.pages();
    }
  }

  /// What is live while entries of one page-table page are zapped.
  ///
  /// @param vpn the next page
  /// @param tlb what was gathered so far
  /// @param forceFlush some of it must be flushed before the lock is dropped
  private record Zapping(int vpn, MmuGather tlb, boolean forceFlush) {
    Zapping next(MmuGather newTlb, boolean force) {
      return new Zapping(vpn + 1, newTlb, forceFlush || force);
    }
  }

  @Models(
      file = "mm/memory.c",
      function = "zap_pte_range",
      leavesOut = "userfaultfd markers, giving the CPU away")
  private Optional<MmuGather> zapPteRange(
      Current me, MmuGather tlb, PageWalk.Part part, Details details) {
    return steps.call(
        "zap_pte_range",
        () -> {
          var ptl = part.table().ptl();
          if (!walk.lock(part.table(), part.from())) {
            return Optional.<MmuGather>empty();
          }
          batched.flushTlbBatchedPending(me, tlb.mm());
          var zapped =
              steps.loop(
                  "ptes", new Zapping(part.from(), tlb, false), z -> zapNext(z, part, details));
          if (!zapped.forceFlush()) {
            ptl.unlock();
            return Optional.of(zapped.tlb());
          }
          var flushed = gather.tlbFlushRmaps(gather.tlbFlushMmuTlbonly(me, zapped.tlb()));
          ptl.unlock();
          return Optional.of(gather.tlbFlushMmu(me, flushed));
        });
  }

  private Turn<Zapping, Zapping> zapNext(Zapping zapping, PageWalk.Part part, Details details) {
    if (zapping.vpn() == part.to()) {
      return Turn.done(zapping);
    }
    var ptep = part.table().pte(zapping.vpn());
    if (ptep.isNone() || details != Details.EVEN_COWS && mapsAnon(ptep.get())) {
      return Turn.again(zapping.next(zapping.tlb(), false));
    }
    var taken = ptep.getAndClear();
    if (SwapEntry.isSwap(taken)) {
      swapCache.freeSwapAndCache(SwapEntry.slot(taken));
      return Turn.again(zapping.next(zapping.tlb(), false));
    }
    if (MigrationEntry.isMigration(taken)) {
      MigrationEntry.assertLocked(data, taken);
      return Turn.again(zapping.next(zapping.tlb(), false)); // it counts for nothing
    }
    if (!VmPageProt.ptePresent(taken)) {
      throw steps.fail(new Violation("kernel bug", "zap of a bad page-table entry"));
    }
    return Turn.again(zapPresentPte(zapping, taken));
  }

  @Models(
      file = "mm/memory.c",
      function = "zap_present_folio_ptes",
      leavesOut = "statistics; mark_page_accessed() only sets PG_referenced")
  private Zapping zapPresentPte(Zapping zapping, Pte taken) {
    var normal = data.folios().vmNormalFolio(taken);
    if (normal.isEmpty()) {
      return zapping.next(zapping.tlb().withPage(zapping.vpn()), false);
    }
    var folio = normal.get();
    var tlb = zapping.tlb().withPage(zapping.vpn()).withFolio(folio);
    boolean filePage = !folio.isAnon();
    if (filePage) {
      tellFilePage(folio, taken);
    }
    if (filePage && zapFlush.delaysRmap(taken)) {
      return zapping.next(tlb.withDelayed(folio), true);
    }
    data.folios().removeRmap(folio.mapcount());
    return zapping.next(tlb, filePage && zapFlush.forces(taken));
  }

  /// The folio of a file knows from now on what the entry did.
  private static void tellFilePage(Folio folio, Pte taken) {
    if (taken.dirty()) {
      folio.flags().set(Folio.DIRTY);
    }
    if (taken.young()) {
      folio.flags().set(Folio.REFERENCED);
    }
  }

  private boolean mapsAnon(Pte pte) {
    return SwapEntry.isSwap(pte)
        || (VmPageProt.ptePresent(pte) || MigrationEntry.isMigration(pte))
            && data.folios().folio(pte.pfn()).isAnon();
  }
}
