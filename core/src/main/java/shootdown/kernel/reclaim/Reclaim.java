package shootdown.kernel.reclaim;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.filemap.PageCache;
import shootdown.kernel.filemap.Writeback;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.rmap.Rmap;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// kswapd, for one page.
///
/// ```text
/// PTE young   PG_referenced   what happens
/// yes         any             stays; young bits cleared, PG_referenced set
/// no          yes             reclaimed if clean; else stays, PG_referenced cleared
/// no          no              reclaimed, written before if dirty
/// ```
///
/// A page of shared memory is written to swap, as the place that [FileData#disk] is: it stays in
/// the page cache until it is written, so there is no swap cache. There is no swap for private
/// pages: an anonymous page is looked at and stays.
public final class Reclaim {
  /// Looks that it takes from a page in use to its being written and freed.
  private static final int LOOKS = 3;

  private final KernelData data;
  private final Steps steps;
  private final PageCache pageCache;
  private final Writeback writeback;
  private final Rmap rmap;

  public Reclaim(KernelData data, PageCache pageCache, Writeback writeback, Rmap rmap) {
    this.data = data;
    this.steps = data.steps();
    this.pageCache = pageCache;
    this.writeback = writeback;
    this.rmap = rmap;
  }

  /// What became of a page.
  private enum Fate {
    FREED,
    /// somebody uses it in a way that reclaim cannot end
    KEPT,
    /// it was referenced: another look may end otherwise
    SPARED
  }

  /// What the references to a page tell: `enum folio_references`.
  private enum References {
    RECLAIM,
    RECLAIM_CLEAN,
    KEEP,
    ACTIVATE
  }

  /// Tries to reclaim the page that is mapped at `vpn` now; does nothing if none is. After a look
  /// that spares the page, the LRU may bring it again or not.
  @Models(
      file = "mm/vmscan.c",
      function = "shrink_inactive_list",
      leavesOut = "the LRU lists: one page is isolated through the PTE that maps it")
  public void shrink(Current me, int mm, int vpn) {
    steps.run(
        "shrink_inactive_list",
        () -> isolate(mm, vpn).ifPresent(folio -> steps.loop("look", 1, n -> look(me, folio, n))));
  }

  private Optional<Folio> isolate(int mm, int vpn) {
    return steps.scope(
        () -> {
          var table = data.table(mm, vpn);
          if (table.isEmpty()) {
            return Optional.<Folio>empty();
          }
          var ptl = table.get().ptl();
          ptl.lock();
          var pte = table.get().pte(vpn).get();
          boolean present = VmPageProt.ptePresent(pte);
          if (present) {
            data.folios().folio(pte.pfn()).get();
          }
          ptl.unlock();
          return present
              ? Optional.of(data.folios().folio(pte.pfn()))
              : Optional.<Folio>empty();
        });
  }

  private Turn<Integer, Boolean> look(Current me, Folio folio, int number) {
    var fate = shrinkFolio(me, folio);
    if (fate == Fate.SPARED && number < LOOKS && steps.choose(2) == 1) {
      return Turn.again(number + 1);
    }
    if (fate != Fate.FREED) {
      data.folios().put(folio);
    }
    return Turn.done(true);
  }

  @Models(
      file = "mm/vmscan.c",
      function = "shrink_folio_list",
      leavesOut = "lists, swap, demotion, batched flushes; kswapd writes every dirty page")
  private Fate shrinkFolio(Current me, Folio folio) {
    return steps.call(
        "shrink_folio_list",
        () -> {
          if (!folio.lock().tryLock()) {
            return Fate.KEPT;
          }
          if (!steps.recheck("no_writeback", () -> !folio.flags().test(Folio.WRITEBACK))) {
            folio.lock().unlock();
            return Fate.KEPT;
          }
          var references = folioCheckReferences(me, folio);
          if (references == References.KEEP || references == References.ACTIVATE) {
            folio.lock().unlock();
            return Fate.SPARED;
          }
          var file = owner(folio);
          if (file.isEmpty() || !rmap.tryToUnmap(me, folio)) {
            folio.lock().unlock();
            return Fate.KEPT;
          }
          return evict(me, folio, file.get(), references);
        });
  }

  @Models(
      file = "mm/vmscan.c",
      function = "folio_check_references",
      leavesOut = "VM_EXEC, memory cgroups")
  private References folioCheckReferences(Current me, Folio folio) {
    return steps.call(
        "folio_check_references",
        () -> {
          var found = rmap.pageReferenced(me, folio);
          boolean before = folio.flags().testAndClear(Folio.REFERENCED);
          if (found.locked()) {
            return References.ACTIVATE;
          }
          if (found.ptes() > 0) {
            folio.flags().set(Folio.REFERENCED);
            return before || found.ptes() > 1 ? References.ACTIVATE : References.KEEP;
          }
          boolean ofFile = before && !folio.flags().test(Folio.SWAPBACKED);
          return ofFile ? References.RECLAIM_CLEAN : References.RECLAIM;
        });
  }

  /// The file of a locked page; empty for an anonymous page and for one that was truncated.
  private Optional<FileData> owner(Folio folio) {
    long mapping = folio.mapping().read();
    return mapping == 0 || mapping == Folio.ANON
        ? Optional.empty()
        : Optional.of(data.file((int) mapping - 1));
  }

  /// Evicts a locked page that no PTE maps; it is not locked afterwards.
  private Fate evict(Current me, Folio folio, FileData file, References references) {
    int index = (int) folio.index().read();
    if (folio.flags().test(Folio.DIRTY)) {
      if (references == References.RECLAIM_CLEAN) {
        folio.lock().unlock();
        return Fate.SPARED;
      }
      if (!pageout(me, folio, file, index)) {
        return Fate.KEPT;
      }
    }
    boolean removed = pageCache.removeMapping(file, folio, index);
    folio.lock().unlock();
    if (removed) {
      data.folios().free(folio);
    }
    return removed ? Fate.FREED : Fate.KEPT;
  }

  /// Writes a locked dirty page; tells whether it is clean and locked again. If not it is not
  /// locked.
  @Models(
      file = "mm/vmscan.c",
      function = "pageout",
      leavesOut = "swap entries and the swap cache, errors")
  private boolean pageout(Current me, Folio folio, FileData file, int index) {
    return steps.call(
        "pageout",
        () -> {
          if (!steps.recheck("is_page_cache_freeable", () -> folio.refcount().is(2))) {
            folio.lock().unlock();
            return false;
          }
          if (!writeback.clearPageDirtyForIo(me, folio)) {
            return true;
          }
          writeback.writePage(file, folio, index);
          return lockClean(file, folio);
        });
  }

  private boolean lockClean(FileData file, Folio folio) {
    if (!folio.lock().tryLock()) {
      return false;
    }
    boolean clean =
        pageCache.isIn(file, folio)
            && steps.recheck(
                "clean", () -> !folio.flags().test(Folio.DIRTY | Folio.WRITEBACK));
    if (!clean) {
      folio.lock().unlock();
    }
    return clean;
  }
}
