package shootdown.kernel.rmap;

import java.util.stream.IntStream;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.HugePmds;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.rmap.RmapWalk.Place;
import shootdown.machine.Pmdp;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// `try_to_unmap()` of a huge folio that is lazily free, and stays in one piece: see
/// [LazyfreeBatch]. It is dropped where it is clean, and nobody but entries and the caller has a
/// reference; else the entries come back, and it is not lazily free any more.
public final class UnmapLazyfree {
  private final KernelData data;
  private final Steps steps;
  private final RmapWalk walk;
  private final MappedPmd mappedPmd;
  private final MappedPte mapped;
  private final TakeEntry takeEntry;
  private final HugePmds huge;
  private final LazyfreeBatch batch;

  public UnmapLazyfree(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new RmapWalk(data);
    this.mappedPmd = new MappedPmd(data, decisions);
    this.mapped = new MappedPte(data, decisions);
    this.takeEntry = new TakeEntry(data, decisions);
    this.huge = new HugePmds(data);
    this.batch = decisions.get(LazyfreeBatch.class);
  }

  /// Whether the release unmaps the folio in one piece.
  public boolean takes(Folio folio) {
    return batch != LazyfreeBatch.SPLIT
        && steps.scope(() -> folio.isAnon() && !folio.flags().test(Folio.SWAPBACKED));
  }

  /// Removes every entry that maps the folio, or a page of it, until one shows that it is used.
  /// Tells the batch, with what is still to be flushed.
  @Models(file = "mm/rmap.c", function = "try_to_unmap")
  public TlbUbc tryToUnmap(Current me, Folio folio, TlbUbc ubc) {
    return steps.call(
        "try_to_unmap",
        () -> walk.unmap(folio, ubc, (place, live) -> unmapOne(me, folio, place, live)));
  }

  @Models(
      file = "mm/rmap.c",
      function = "try_to_unmap_one",
      leavesOut = "that v6.11 to v6.14 split a PMD entry which cannot be dropped, and go on with"
          + " its PTEs")
  private Walked unmapOne(Current me, Folio folio, Place place, TlbUbc ubc) {
    return steps.call(
        "try_to_unmap_one",
        () -> {
          var whole =
              mappedPmd.withMapped(
                  folio,
                  place,
                  UnmapSync.PASSES,
                  Found.PTES,
                  Found.STAYS,
                  pmdp ->
                      unmapHugePmdLocked(me, folio, place, pmdp) ? Found.GONE : Found.STAYS);
          return whole == Found.PTES
              ? unmapPtes(me, folio, place, ubc)
              : new Walked(ubc, whole == Found.STAYS);
        });
  }

  private enum Found {
    PTES,
    GONE,
    STAYS
  }

  /// Tells whether the folio is unmapped here. The PMD lock is held.
  @Models(file = "mm/huge_memory.c", function = "unmap_huge_pmd_locked")
  @Models(file = "mm/huge_memory.c", function = "__discard_anon_folio_pmd_locked")
  private boolean unmapHugePmdLocked(Current me, Folio folio, Place place, Pmdp pmdp) {
    if (isLocked(place) || isUsed(folio, pmdp.get().pte())) {
      return false;
    }
    var old = huge.pmdpHugeClearFlush(me, place.mm(), pmdp);
    if (isPinned(folio) || isUsed(folio, old)) {
      pmdp.set(old);
      return false;
    }
    huge.folioRemoveRmapPmd(folio);
    data.pteFree(data.mm(place.mm()).withdraw());
    data.folios().put(folio);
    return true;
  }

  private boolean isLocked(Place place) {
    return place.vma(data).has(Vma.VM_LOCKED);
  }

  /// Whether the folio was stored to; it is not lazily free any more then.
  private boolean isUsed(Folio folio, Pte entry) {
    if (entry.dirty()) {
      folio.flags().set(Folio.DIRTY);
    }
    boolean used = steps.scope(() -> folio.flags().test(Folio.DIRTY));
    if (used) {
      folio.flags().set(Folio.SWAPBACKED);
    }
    return used;
  }

  /// Whether anybody but the entries and the caller has a reference.
  private boolean isPinned(Folio folio) {
    return steps.scope(
        () -> {
          long references = folio.refcount().read();
          return !steps.recheck(
              "references", () -> references == 1 + data.folios().mapcount(folio));
        });
  }

  private record At(int page, TlbUbc ubc) {}

  private Walked unmapPtes(Current me, Folio folio, Place place, TlbUbc ubc) {
    int first = place.firstOf(folio);
    return steps.<At, Walked>loop(
        "ptes",
        new At(0, ubc),
        at -> {
          if (at.page() >= place.pages()) {
            return Turn.done(new Walked(at.ubc(), false));
          }
          var page = data.folios().page(folio, first + at.page());
          return mapped.withMapped(
              page,
              place.page(at.page()),
              UnmapSync.PASSES,
              Turn.again(new At(at.page() + 1, at.ubc())),
              ptep -> unmapBatch(me, page, place.page(at.page()), ptep, at));
        });
  }

  private Turn<At, Walked> unmapBatch(Current me, Folio page, Place place, Ptep ptep, At at) {
    if (isLocked(place)) {
      return Turn.done(new Walked(at.ubc(), true));
    }
    int pages = folioUnmapPteBatch(page, place, ptep);
    var ptes = IntStream.range(0, pages).mapToObj(i -> pte(place, ptep, i)).toList();
    var ubc = at.ubc();
    var merged = Pte.NONE;
    for (var one : ptes) {
      var taken = takeEntry.take(me, place, one, ubc, TtuFlags.BATCH_FLUSH);
      ubc = taken.ubc();
      merged = merged.none() ? taken.pte() : merged.with(dirtyYoung(taken.pte()));
    }
    if (isUsed(page, merged) || isPinned(page)) {
      setPtes(ptes, merged);
      return Turn.done(new Walked(ubc, true));
    }
    for (int i = 0; i < pages; i++) {
      var gone = data.folios().page(page, page.pfn() - page.head() + i);
      data.folios().removeRmap(gone.mapcount());
      data.folios().put(gone);
    }
    return Turn.again(new At(at.page() + pages, ubc));
  }

  private static long dirtyYoung(Pte pte) {
    return pte.bits() & (Pte.DIRTY | Pte.YOUNG);
  }

  /// `set_ptes()`: all as the first, each for the next frame.
  private static void setPtes(Iterable<Ptep> ptes, Pte first) {
    int pfn = first.pfn();
    for (var ptep : ptes) {
      ptep.set(first.withPfn(pfn++));
    }
  }

  private Ptep pte(Place place, Ptep first, int i) {
    return i == 0
        ? first
        : data.table(place.mm(), place.vpn()).orElseThrow().pte(place.vpn() + i);
  }

  /// How many entries from this one on are taken at once. The page-table lock is held.
  @Models(file = "mm/rmap.c", function = "folio_unmap_pte_batch")
  private int folioUnmapPteBatch(Folio page, Place place, Ptep ptep) {
    int left = page.head() + page.pages() - page.pfn();
    return switch (batch) {
      case SPLIT, SINGLE -> 1;
      case WHOLE_FOLIO ->
          page.pfn() == page.head() && alike(place, ptep, left) == left ? left : 1;
      case IN_TABLE, IN_TABLE_ALIKE -> alike(place, ptep, Math.min(left, inTable(place)));
    };
  }

  /// How many pages of the VMA, from this one on, the page table has entries for.
  private int inTable(Place place) {
    return Math.min(data.layout().pmdEnd(place.vpn()), place.found().vma().end()) - place.vpn();
  }

  /// How many entries, of `most`, map pages that follow one another.
  @Models(file = "mm/internal.h", function = "folio_pte_batch")
  private int alike(Place place, Ptep ptep, int most) {
    return steps.scope(
        () -> {
          var first = ptep.get();
          int n = 1;
          while (n < most && follows(first, entry(place, ptep, n), n)) {
            n++;
          }
          return n;
        });
  }

  private Pte entry(Place place, Ptep ptep, int i) {
    if (place.vpn() + i >= data.layout().pmdEnd(place.vpn())) {
      throw steps.fail(
          new Violation("kernel bug", "folio_pte_batch() reads beyond a page-table page"));
    }
    return pte(place, ptep, i).get();
  }

  private boolean follows(Pte first, Pte pte, int by) {
    return VmPageProt.ptePresent(pte)
        && pte.pfn() == first.pfn() + by
        && (batch != LazyfreeBatch.IN_TABLE_ALIKE || pte.writable() == first.writable());
  }
}
