package shootdown.kernel.rmap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.SplitHugePmd;
import shootdown.kernel.rmap.RmapWalk.Place;
import shootdown.kernel.swap.SwapEntry;
import shootdown.kernel.swap.SwapMap;
import shootdown.kernel.swap.SwpExclusive;
import shootdown.kernel.swap.UffdWpEntries;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;

/// Unmapping a folio from everywhere, for reclaim. In each method the folio is locked and
/// referenced by the caller.
///
/// ```text
/// folio                          | what takes the entry's place
/// -------------------------------+---------------------------------------------------------
/// of a file                      | nothing
/// anonymous, in the swap cache   | a swap entry, unless it may be pinned; then it stays
/// anonymous, lazily free         | nothing, if clean and not in use otherwise; else it stays
/// ```
public final class TryToUnmap {
  private final KernelData data;
  private final Steps steps;
  private final RmapWalk walk;
  private final MappedPte mapped;
  private final MappedHuge mappedHuge;
  private final TakeEntry takeEntry;
  private final SwapMap swapMap;
  private final SwpExclusive swpExclusive;
  private final ShareAnonRmap share;
  private final LazyfreePinned pinned;
  private final UffdWpEntries uffdWp;

  public TryToUnmap(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new RmapWalk(data);
    this.mapped = new MappedPte(data, decisions);
    this.mappedHuge = new MappedHuge(data, decisions);
    this.takeEntry = new TakeEntry(data, decisions);
    this.swapMap = new SwapMap(data);
    this.swpExclusive = decisions.get(SwpExclusive.class);
    this.share = new ShareAnonRmap(data, decisions);
    this.uffdWp = decisions.get(UffdWpEntries.class);
    this.pinned = decisions.get(LazyfreePinned.class);
  }

  /// Removes every PTE that maps the folio, but for those of locked VMAs: TTU_BATCH_FLUSH. What was
  /// dirty in a PTE is dirty in the folio then. Tells the batch, with what is still to be flushed.
  public TlbUbc tryToUnmap(Current me, Folio folio, TlbUbc ubc) {
    return tryToUnmap(me, folio, ubc, TtuFlags.BATCH_FLUSH);
  }

  /// As [#tryToUnmap], as `flags` say.
  @Models(file = "mm/rmap.c", function = "try_to_unmap")
  public TlbUbc tryToUnmap(Current me, Folio folio, TlbUbc ubc, TtuFlags flags) {
    return steps.call(
        "try_to_unmap",
        () ->
            walk.unmap(folio, ubc, (place, live) -> unmapOne(me, folio, place, live, flags)));
  }

  /// Removes every entry that maps a huge folio of a file, or a page of it, and flushes each as it
  /// is taken; locked VMAs make no difference: TTU_IGNORE_MLOCK. The caller has locked
  /// i_mmap_rwsem.
  void unmapForSplit(Current me, Folio huge, FileData file) {
    steps.run(
        "try_to_unmap", () -> walk.walkLocked(huge, file, place -> unmapHugeOne(me, huge, place)));
  }

  private void unmapHugeOne(Current me, Folio huge, Place place) {
    steps.run(
        "try_to_unmap_one",
        () ->
            mappedHuge.splitThenEach(
                me,
                huge,
                place,
                SplitHugePmd.Into.PRESENT,
                (page, there, ptep) ->
                    take(me, page, there, ptep, TlbUbc.NONE, TtuFlags.SPLIT)));
  }

  @Models(
      file = "mm/rmap.c",
      function = "try_to_unmap_one",
      leavesOut = "hugetlb, MMU notifiers, mlock_vma_folio()")
  private Walked unmapOne(
      Current me, Folio folio, Place place, TlbUbc ubc, TtuFlags flags) {
    return steps.call(
        "try_to_unmap_one",
        () ->
            mapped.withMapped(
                folio,
                place,
                UnmapSync.PASSES,
                new Walked(ubc, false),
                ptep ->
                    flags == TtuFlags.BATCH_FLUSH && place.vma(data).has(Vma.VM_LOCKED)
                        ? new Walked(ubc, true)
                        : take(me, folio, place, ptep, ubc, flags)));
  }

  private Walked take(
      Current me, Folio folio, Place place, Ptep ptep, TlbUbc ubc, TtuFlags flags) {
    var walked = steps.scope(() -> takeEntry(me, folio, place, ptep, ubc, flags));
    if (!walked.ended()) {
      data.folios().removeRmap(folio.mapcount());
      data.folios().put(folio);
    }
    return walked;
  }

  /// Puts something else in the entry's place, or the entry back: then the walk has ended.
  private Walked takeEntry(
      Current me, Folio folio, Place place, Ptep ptep, TlbUbc ubc, TtuFlags flags) {
    var taken = takeEntry.take(me, place, ptep, ubc, flags);
    var pte = taken.pte();
    if (pte.dirty()) {
      folio.flags().set(Folio.DIRTY);
    }
    boolean gone = folio.isAnon() ? takeAnon(folio, ptep, pte) : true;
    return new Walked(taken.ubc(), !gone);
  }

  /// Tells whether the folio is unmapped here; if not, the entry is back.
  private boolean takeAnon(Folio folio, Ptep ptep, Pte pte) {
    if (!folio.flags().test(Folio.SWAPBACKED)) {
      return discardLazyfree(folio, ptep, pte);
    }
    return steps.scope(
        () -> {
          int slot = (int) folio.swap().read();
          swapMap.swapDuplicate(slot);
          var entry = uffdWp.carried(pte, SwapEntry.of(slot));
          boolean exclusive = folio.pageFlags().test(Folio.ANON_EXCLUSIVE);
          if (exclusive && !share.tryShareAnonRmap(folio)) {
            swapMap.swapFree(slot);
            ptep.set(pte);
            return false;
          }
          ptep.set(
              exclusive && swpExclusive.remembers() ? SwapEntry.mkExclusive(entry) : entry);
          return true;
        });
  }

  private boolean discardLazyfree(Folio folio, Ptep ptep, Pte pte) {
    boolean unused =
        steps.scope(
            () -> {
              long references = folio.refcount().read();
              return (pinned == LazyfreePinned.DROPPED
                      || steps.recheck(
                          "references", () -> references == 1 + folio.mapcount().read()))
                  && steps.recheck("clean", () -> !folio.flags().test(Folio.DIRTY));
            });
    if (!unused) {
      ptep.set(pte);
      folio.flags().set(Folio.SWAPBACKED);
    }
    return unused;
  }

  /// Flushes what was unmapped.
  @Models(
      file = "mm/rmap.c",
      function = "try_to_unmap_flush",
      leavesOut = "that a CPU is flushed at most once: each address space is flushed by itself")
  public void tryToUnmapFlush(Current me, TlbUbc ubc) {
    if (ubc.spaces() == 0) {
      return;
    }
    steps.run(
        "try_to_unmap_flush",
        () ->
            steps.each(
                0,
                data.mms().size(),
                mm -> {
                  if ((ubc.spaces() >>> mm & 1) != 0) {
                    data.machine().flush().mm(me.cpu(), mm);
                  }
                }));
  }

  /// Flushes if some CPU may still write; tells what is left to flush.
  @Models(file = "mm/rmap.c", function = "try_to_unmap_flush_dirty")
  public TlbUbc tryToUnmapFlushDirty(Current me, TlbUbc ubc) {
    if (!ubc.writable()) {
      return ubc;
    }
    tryToUnmapFlush(me, ubc);
    return TlbUbc.NONE;
  }
}
