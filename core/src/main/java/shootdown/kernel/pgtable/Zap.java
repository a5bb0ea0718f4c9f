package shootdown.kernel.pgtable;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.swap.FreeSwap;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.kernel.swap.SwapEntry;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
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
  private final ZapSwapEntries swapEntries;
  private final BatchedFlush batched;
  private final FreeSwap freeSwap;
  private final HugePmds huge;
  private final SplitHugePmd split;
  private final EmptyTable emptied;

  public Zap(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new PageWalk(data, decisions, PmdBad.Walker.ZAP);
    this.gather = new TlbGather(data, decisions);
    this.zapFlush = decisions.get(ZapFlush.class);
    this.singleFolio = decisions.get(ZapSingleFolio.class);
    this.swapEntries = ZapSwapEntries.of(decisions);
    this.batched = new BatchedFlush(data, decisions);
    this.freeSwap = new FreeSwap(data, decisions);
    this.huge = new HugePmds(data);
    this.split = new SplitHugePmd(data, decisions);
    this.emptied = new EmptyTable(data, decisions, gather);
  }

  /// Which pages of a VMA are zapped: `struct zap_details`.
  public enum Details {
    /// there is none: all
    NONE,
    /// `even_cows`: all, private copies too, as they are beyond the end of the file
    EVEN_COWS,
    /// `reclaim_pt`: all, and page-table pages that are empty then may go
    RECLAIM_PT,
    /// only pages of the file
    FILE_PAGES,
    /// `single_folio`: those of one folio, which the caller has locked and is about to take out of
    /// the page cache; only pages of the file
    SINGLE_FOLIO;

    private boolean evenCows() {
      return this == NONE || this == EVEN_COWS || this == RECLAIM_PT;
    }
  }

  /// Unmaps pages `from` … `to`-1, all of one VMA; what it unmapped is in the gather.
  @Models(
      file = "mm/memory.c",
      function = "unmap_page_range",
      leavesOut = "hugetlb, mlock, MMU notifiers")
  public MmuGather unmapPageRange(
      Current me, MmuGather tlb, int from, int to, Details details) {
    var zapped = zapPmdRange(me, tlb, from, to, details);
    if (details == Details.SINGLE_FOLIO
        && data.layout().hasHugePages()
        && singleFolio == ZapSingleFolio.WAITS) {
      waitForZaps(tlb.mm(), from);
    }
    return zapped;
  }

  private MmuGather zapPmdRange(Current me, MmuGather tlb, int from, int to, Details details) {
    return walk.walk(
        tlb.mm(),
        from,
        to,
        tlb,
        (first, end, live) -> zapPmd(me, live, first, end),
        (part, live) -> zapPteRange(me, live, part, details));
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
          ? steps.call("zap_huge_pmd", () -> zapHugePmd(me, tlb, from))
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
  private Optional<MmuGather> zapHugePmd(Current me, MmuGather tlb, int vpn) {
    return zapHugePmdLocked(tlb, vpn)
        .map(
            zapped ->
                zapped.pages().size() == tlb.pages().size()
                    ? zapped
                    : gather.tlbRemovePage(me, zapped));
  }

  private Optional<MmuGather> zapHugePmdLocked(MmuGather tlb, int vpn) {
    return huge.ifTransHugeOrSwap(
        tlb.mm(),
        vpn,
        Optional.<MmuGather>empty(),
        () -> {
          var pmdp = data.pmdp(tlb.mm(), vpn);
          var taken = pmdp.hugeGetAndClear();
          var folio = data.folios().huge(taken.pfn());
          if (MigrationEntry.isMigration(taken)) { // it counts for nothing, and no TLB holds it
            if (folio.isAnon()) {
              data.pteFree(data.mm(tlb.mm()).withdraw());
            }
            return Optional.of(tlb);
          }
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
          return Optional.of(gather.removeFolio(zapped, folio));
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
          var found = steps.scope(() -> mm.next(slot, range::isMappedBy).map(range::in));
          if (found.isEmpty()) {
            return Turn.done(true);
          }
          var part = found.get();
          zapPageRangeSingle(me, mm.number(), part.from(), part.to(), details);
          return Turn.again(part.slot() + 1);
        });
  }

  /// Where a VMA maps pages of a file: its slot, and addresses.
  private record Mapped(int slot, int from, int to) {}

  /// Pages `from` … `to`-1 of a file.
  private record FileRange(int file, int from, int to) {
    boolean isMappedBy(Vma vma) {
      return vma.file() == file && vma.pgoff() < to && from < vma.pgoff() + vma.pages();
    }

    Mapped in(VmaSlot found) {
      var vma = found.vma();
      return new Mapped(
          found.slot(),
          vma.address(Math.max(from, vma.pgoff())),
          vma.address(Math.min(to, vma.pgoff() + vma.pages())));
    }
  }

  /// What is live while entries of one page-table page are zapped.
  ///
  /// @param vpn the next page
  /// @param tlb what was gathered so far
  /// @param forceFlush some of it must be flushed before the lock is dropped
  /// @param full the gather is full: all of it must be flushed, and freed, before it goes on
  private record Zapping(int vpn, MmuGather tlb, boolean forceFlush, boolean full) {
    Zapping(int from, MmuGather tlb) {
      this(from, tlb, false, false);
    }

    Zapping next(MmuGather newTlb, boolean force) {
      return new Zapping(vpn + 1, newTlb, forceFlush || force, full);
    }

    Zapping with(MmuGather newTlb) {
      return new Zapping(vpn, newTlb, forceFlush, full);
    }

    Zapping stopped() {
      return new Zapping(vpn, tlb, forceFlush, true);
    }
  }

  @Models(
      file = "mm/memory.c",
      function = "zap_pte_range",
      leavesOut = "userfaultfd markers; giving the CPU away, but where the page-table page may go")
  private PageWalk.Reached<MmuGather> zapPteRange(
      Current me, MmuGather tlb, PageWalk.Part part, Details details) {
    boolean wanted = emptied.isWanted(part.from(), part.to(), details);
    return steps.call(
        "zap_pte_range",
        () ->
            wanted
                ? zapAndFree(me, tlb, part, details)
                : zapPart(me, tlb, part, details, Then.UNLOCK)
                    .map(zapped -> new PageWalk.Reached<>(zapped.vpn(), zapped.tlb()))
                    .orElse(new PageWalk.Reached<>(part.from(), tlb)));
  }

  /// What is done, with the lock held still, when all entries are zapped.
  private enum Then {
    UNLOCK,
    TAKE_TABLE
  }

  /// What has become of a part.
  ///
  /// @param vpn up to where it is zapped
  /// @param taken the page-table page is in no page table any more
  private record Zapped(int vpn, MmuGather tlb, boolean taken) {}

  /// How far the zap of a part has come whose page-table page may go.
  ///
  /// @param atOnce the lock was never dropped
  private record Retry(int vpn, MmuGather tlb, boolean atOnce) {}

  /// Between two entries the CPU may be given away (`need_resched()`).
  private PageWalk.Reached<MmuGather> zapAndFree(
      Current me, MmuGather tlb, PageWalk.Part part, Details details) {
    int pause = part.from() + steps.choose(part.to() - part.from());
    return steps.loop(
        "retry",
        new Retry(part.from(), tlb, true),
        at -> {
          int to = at.vpn() < pause ? pause : part.to();
          boolean takes = to == part.to() && (at.atOnce() || emptied.trustsEntries());
          var stretch = new PageWalk.Part(part.table(), at.vpn(), to);
          var zapped =
              zapPart(me, at.tlb(), stretch, details, takes ? Then.TAKE_TABLE : Then.UNLOCK);
          if (zapped.isEmpty()) {
            return Turn.done(new PageWalk.Reached<>(at.vpn(), at.tlb()));
          }
          var now = zapped.get();
          return now.vpn() < part.to()
              ? Turn.again(new Retry(now.vpn(), now.tlb(), false))
              : Turn.done(new PageWalk.Reached<>(part.to(), free(me, now, part)));
        });
  }

  private MmuGather free(Current me, Zapped zapped, PageWalk.Part part) {
    return zapped.taken()
        ? emptied.freePte(me, zapped.tlb(), part.from(), part.table())
        : emptied.tryToFreePte(me, zapped.tlb(), part.from());
  }

  /// Empty if the page-table page is not there any more.
  private Optional<Zapped> zapPart(
      Current me, MmuGather tlb, PageWalk.Part part, Details details, Then then) {
    if (!walk.lock(part.table(), part.from())) {
      return Optional.empty();
    }
    batched.flushTlbBatchedPending(me, tlb.mm());
    var zapped =
        steps.loop("ptes", new Zapping(part.from(), tlb), z -> zapNext(z, part, details));
    boolean takes = then == Then.TAKE_TABLE && !zapped.full();
    var ready = takes && emptied.flushesFirst() ? flushed(me, zapped) : zapped;
    boolean taken = takes && emptied.tryGetAndClearPmd(part.table(), part.from());
    var reached = unlock(me, part, ready);
    return Optional.of(new Zapped(reached.vpn(), reached.live(), taken));
  }

  private Zapping flushed(Current me, Zapping zapped) {
    return zapped.forceFlush()
        ? zapped.with(gather.tlbFlushRmaps(gather.tlbFlushMmuTlbonly(me, zapped.tlb())))
        : zapped;
  }

  /// Drops the lock. What has to be flushed first is, and is freed afterwards. Where the gather was
  /// full the zap goes on behind its last page, if there is a page-table page still.
  private PageWalk.Reached<MmuGather> unlock(Current me, PageWalk.Part part, Zapping zapped) {
    var ptl = part.table().ptl();
    if (!zapped.forceFlush() && !zapped.full()) {
      ptl.unlock();
      return new PageWalk.Reached<>(zapped.vpn(), zapped.tlb());
    }
    if (!zapFlush.fullUnderLock()) {
      ptl.unlock();
    }
    int last = zapped.vpn() - 1;
    var flushed =
        gather.tlbFlushRmaps(
            zapped.full()
                ? gather.tlbFlushFull(me, zapped.tlb(), part, last)
                : gather.tlbFlushMmuTlbonly(me, zapped.tlb()));
    if (zapFlush.fullUnderLock()) {
      ptl.unlock();
    }
    return new PageWalk.Reached<>(
        zapped.full() ? gather.resumed(last) : part.to(), gather.free(flushed));
  }

  private Turn<Zapping, Zapping> zapNext(Zapping zapping, PageWalk.Part part, Details details) {
    if (zapping.full() || zapping.vpn() == part.to()) {
      return Turn.done(zapping);
    }
    var ptep = part.table().pte(zapping.vpn());
    return Turn.again(
        switch (steps.scope(() -> take(ptep, details))) {
          case Taken.Nothing _ -> zapping.next(zapping.tlb(), false);
          case Taken.Zero _ -> zapping.next(zapping.tlb().withPage(zapping.vpn()), false);
          case Taken.Page page -> zapPresentPte(zapping, page);
        });
  }

  /// What was taken out of a page table. What bits it had is forgotten.
  private sealed interface Taken {
    /// nothing that a TLB may hold
    record Nothing() implements Taken {}

    record Zero() implements Taken {}

    /// @param delays its mapping counts until the flush
    /// @param forces it must be flushed before the lock is dropped
    record Page(Folio folio, boolean delays, boolean forces) implements Taken {}
  }

  private Taken take(Ptep ptep, Details details) {
    if (ptep.isNone() || isSelective(details) && stays(ptep.get(), details)) {
      return new Taken.Nothing();
    }
    var taken = ptep.getAndClear();
    if (SwapEntry.isSwap(taken)) {
      freeSwap.freeSwapAndCache(SwapEntry.slot(taken));
      return new Taken.Nothing();
    }
    if (MigrationEntry.isMigration(taken)) {
      MigrationEntry.assertLocked(data, taken);
      return new Taken.Nothing(); // it counts for nothing
    }
    if (!VmPageProt.ptePresent(taken)) {
      throw steps.fail(new Violation("kernel bug", "zap of a bad page-table entry"));
    }
    return data.folios()
        .vmNormalFolio(taken)
        .<Taken>map(folio -> takenPage(folio, taken))
        .orElseGet(Taken.Zero::new);
  }

  private Taken.Page takenPage(Folio folio, Pte taken) {
    if (folio.isAnon()) {
      return new Taken.Page(folio, false, false);
    }
    tellFilePage(folio, taken);
    return new Taken.Page(folio, zapFlush.delaysRmap(taken), zapFlush.forces(taken));
  }

  @Models(
      file = "mm/memory.c",
      function = "zap_present_folio_ptes",
      leavesOut = "statistics; mark_page_accessed() only sets PG_referenced")
  private Zapping zapPresentPte(Zapping zapping, Taken.Page page) {
    var next = removeRmap(zapping, zapping.tlb().withPage(zapping.vpn()), page);
    var gathered = next.with(gather.removeFolio(next.tlb(), page.folio()));
    return gather.isFull(gathered.tlb()) ? gathered.stopped() : gathered;
  }

  private Zapping removeRmap(Zapping zapping, MmuGather tlb, Taken.Page page) {
    if (page.delays()) {
      return zapping.next(tlb.withDelayed(page.folio()), true);
    }
    data.folios().removeRmap(page.folio().mapcount());
    return zapping.next(tlb, page.forces());
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

  private boolean isSelective(Details details) {
    return !details.evenCows() || swapEntries.leaves(details);
  }

  private boolean stays(Pte pte, Details details) {
    return !details.evenCows() && mapsAnon(pte)
        || !VmPageProt.ptePresent(pte) && swapEntries.leaves(details);
  }

  private boolean mapsAnon(Pte pte) {
    return SwapEntry.isSwap(pte)
        || (VmPageProt.ptePresent(pte) || MigrationEntry.isMigration(pte))
            && data.folios().folio(pte.pfn()).isAnon();
  }
}
