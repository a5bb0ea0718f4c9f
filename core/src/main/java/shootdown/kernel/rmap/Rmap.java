package shootdown.kernel.rmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.AgingFlush;
import shootdown.kernel.rmap.RmapWalk.Place;
import shootdown.machine.Pmdp;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// What is done to all PTEs that map a folio and stay. In each method the folio is locked and
/// referenced by the caller. [TryToUnmap] takes them away.
public final class Rmap {
  private final KernelData data;
  private final Steps steps;
  private final RmapWalk walk;
  private final MappedPte mapped;
  private final MappedPmd mappedPmd;
  private final AgingFlush aging;

  public Rmap(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new RmapWalk(data);
    this.mapped = new MappedPte(data, decisions);
    this.mappedPmd = new MappedPmd(data, decisions);
    this.aging = decisions.get(AgingFlush.class);
  }

  /// What a look at the young bits found.
  ///
  /// @param young whether any PTE was
  /// @param locked some VMA keeps its pages in memory (mlock)
  public record References(boolean young, boolean locked) {}

  private static final int LOCKED = 1 << 16;

  /// Of a huge page: its PTEs are to be looked at.
  private static final int PTES = -1;

  /// Makes every PTE of a shared mapping of the folio clean and read-only, flushed; tells whether
  /// any was dirty or writable.
  @Models(file = "mm/rmap.c", function = "folio_mkclean", leavesOut = "DAX, MMU notifiers")
  public boolean pageMkclean(Current me, Folio folio) {
    return steps.call(
        "folio_mkclean",
        () -> {
          folio.lock().assertLocked(); // BUG_ON(!folio_test_locked()), since v2.6.19
          return isMapped(folio) && walk.walk(folio, place -> mkcleanOne(me, folio, place)) > 0;
        });
  }

  @Models(
      file = "mm/rmap.c",
      function = "page_vma_mkclean_one",
      leavesOut = "huge PMDs, MMU notifiers")
  private int mkcleanOne(Current me, Folio folio, Place place) {
    if (!place.found().vma().shared()) {
      return 0;
    }
    return steps.call(
        "page_mkclean_one",
        () ->
            mapped.ifMapped(
                    folio,
                    place,
                    pte -> pte.dirty() || pte.writable(),
                    ptep -> {
                      var entry = ptepClearFlush(me, place, ptep);
                      ptep.set(entry.without(Pte.WRITABLE | Pte.DIRTY));
                      return true;
                    })
                ? 1
                : 0);
  }

  /// Clears the young bits of all PTEs that map the folio, and tells whether any was set.
  @Models(
      file = "mm/rmap.c",
      function = "folio_referenced",
      leavesOut = "memory cgroups, the multi-generation LRU, idle tracking, ending early")
  public References pageReferenced(Current me, Folio folio) {
    return steps.call(
        "folio_referenced",
        () -> {
          int sum =
              isMapped(folio)
                  ? walk.walk(
                      folio,
                      place ->
                          folio.isLarge()
                              ? hugeReferencedOne(me, folio, place)
                              : referencedOne(me, folio, place))
                  : 0;
          return new References(sum % LOCKED > 0, sum >= LOCKED);
        });
  }

  @Models(
      file = "mm/rmap.c",
      function = "folio_referenced_one",
      leavesOut = "MMU notifiers, VM_SEQ_READ")
  private int referencedOne(Current me, Folio folio, Place place) {
    return steps.call(
        "folio_referenced_one",
        () ->
            mapped.withMapped(
                folio,
                place,
                UnmapSync.PASSES,
                0,
                ptep -> isLocked(place) ? LOCKED : ptepClearFlushYoung(me, place, ptep) ? 1 : 0));
  }

  /// Of a huge folio: its PMD entry, or the PTEs of its pages.
  private int hugeReferencedOne(Current me, Folio huge, Place place) {
    int pmd =
        steps.call(
            "folio_referenced_one",
            () ->
                mappedPmd.withMapped(
                    huge,
                    place,
                    UnmapSync.PASSES,
                    PTES,
                    0,
                    pmdp ->
                        isLocked(place) ? LOCKED : pmdpClearFlushYoung(me, place, pmdp) ? 1 : 0));
    if (pmd != PTES) {
      return pmd;
    }
    int first = place.firstOf(huge);
    return steps.loop(
        "pages",
        new Pages(0, 0),
        at -> {
          if (at.done() == place.pages()) {
            return Turn.done(at.sum());
          }
          var there = place.page(at.done());
          int one = referencedOne(me, data.folios().page(huge, first + at.done()), there);
          return Turn.again(new Pages(at.done() + 1, at.sum() + one));
        });
  }

  private record Pages(int done, int sum) {}

  private boolean isLocked(Place place) {
    return place.vma(data).has(Vma.VM_LOCKED);
  }

  @Models(file = "mm/pgtable-generic.c", function = "pmdp_clear_flush_young")
  private boolean pmdpClearFlushYoung(Current me, Place place, Pmdp pmdp) {
    boolean young = pmdp.testAndClearYoung();
    if (young) {
      var reach = aging.reach(data.machine().profile());
      data.machine().flush().page(reach, me.cpu(), place.mm(), pmdp.vpn());
    }
    return young;
  }

  /// Takes a present PTE away and flushes it from all TLBs; the PTL is held.
  @Models(
      file = "mm/pgtable-generic.c",
      function = "ptep_clear_flush",
      leavesOut = "sparing the flush of a PROT_NONE entry when no mprotect() is under way")
  private Pte ptepClearFlush(Current me, Place place, Ptep ptep) {
    var entry = ptep.getAndClear();
    data.machine().flush().page(me.cpu(), place.mm(), place.vpn());
    return entry;
  }

  @Models(file = "mm/pgtable-generic.c", function = "ptep_clear_flush_young")
  private boolean ptepClearFlushYoung(Current me, Place place, Ptep ptep) {
    boolean young = ptep.testAndClearYoung();
    if (young) {
      var reach = aging.reach(data.machine().profile());
      data.machine().flush().page(reach, me.cpu(), place.mm(), place.vpn());
    }
    return young;
  }

  /// Whether any entry maps the folio.
  public boolean isMapped(Folio folio) {
    return data.folios().isMapped(folio);
  }
}
