package shootdown.kernel.khugepaged;

import java.util.ArrayList;
import java.util.List;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.KernelData.Table;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.swap.SwapCache;
import shootdown.machine.Pte;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// The small pages that are to become a huge one. Their page-table page is in no page table.
final class SmallPages {
  private final KernelData data;
  private final Steps steps;
  private final SwapCache swapCache;
  private final CollapsePages allowed;

  SmallPages(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.swapCache = new SwapCache(data);
    this.allowed = decisions.get(CollapsePages.class);
  }

  /// How the isolation ended.
  ///
  /// @param result whether it succeeded; if not, nothing is isolated
  /// @param compound the first frames of huge folios that are isolated: once each
  record Isolated(ScanResult result, List<Integer> compound) {}

  /// How far the isolation is.
  private record Progress(int pages, Tally tally, List<Integer> compound) {
    Progress next(Tally now) {
      return new Progress(pages + 1, now, compound);
    }

    Progress with(int head) {
      var more = new ArrayList<>(compound);
      more.add(head);
      return new Progress(pages, tally, List.copyOf(more));
    }
  }

  /// Locks the pages and takes them off the LRU, each with a reference; or none of them. The lock
  /// of the page-table page is held.
  @Models(
      file = "mm/khugepaged.c",
      function = "__collapse_huge_page_isolate",
      leavesOut = "userfaultfd, MMU notifiers, device memory; that releases before v5.18 wanted a"
          + " read-only page out of the swap cache first, and those before v4.1 no zero page")
  Isolated isolate(Table table, int vpn, Initiator by) {
    return steps.call(
        "__collapse_huge_page_isolate",
        () ->
            steps.<Progress, Isolated>loop(
                "ptes",
                new Progress(0, Tally.NOTHING, List.of()),
                at -> isolateNext(at, table, vpn, by)));
  }

  private Turn<Progress, Isolated> isolateNext(
      Progress at, Table table, int vpn, Initiator by) {
    int size = data.layout().ptrsPerPte();
    if (at.pages() == size) {
      var verdict = at.tally().verdict(allowed, by, size);
      return verdict == ScanResult.SUCCEED
          ? Turn.done(new Isolated(verdict, at.compound()))
          : failed(verdict, at, table, vpn);
    }
    var pte = table.pte(vpn + at.pages()).get();
    if (isNoneOrZero(pte)) {
      var tally = at.tally().withNone();
      var within = tally.limits(by, size);
      return within == ScanResult.SUCCEED
          ? Turn.again(at.next(tally))
          : failed(within, at, table, vpn);
    }
    if (!VmPageProt.ptePresent(pte)) {
      return failed(ScanResult.PTE_NON_PRESENT, at, table, vpn);
    }
    var page = data.folios().folio(pte.pfn());
    var shared = at.tally().withMapping(page.mapcount().read());
    var result = shared.limits(by, size);
    boolean met = page.isLarge() && at.compound().contains(page.head());
    if (result == ScanResult.SUCCEED && !met) {
      result = take(data.folios().page(page, 0));
    }
    if (result != ScanResult.SUCCEED) {
      return failed(result, at, table, vpn);
    }
    var taken = page.isLarge() && !met ? at.with(page.head()) : at;
    return Turn.again(taken.next(shared.with(pte, page)));
  }

  /// `pte_none_or_zero()`: nothing is to be copied. A zero page counts as a page that is missing.
  boolean isNoneOrZero(Pte pte) {
    return pte.none() || VmPageProt.ptePresent(pte) && data.folios().isZero(pte.pfn());
  }

  private ScanResult take(Folio folio) {
    return steps.scope(
        () -> {
          if (folio.isLarge() && !allowed.compound()) {
            return ScanResult.PAGE_COMPOUND;
          }
          if (!folio.lock().tryLock()) {
            return ScanResult.PAGE_LOCK;
          }
          if (!steps.recheck("is_refcount_suitable", () -> isRefcountSuitable(folio))) {
            folio.lock().unlock();
            return ScanResult.PAGE_COUNT;
          }
          if (!data.folios().folioIsolateLru(folio)) {
            folio.lock().unlock();
            return ScanResult.DEL_PAGE_LRU;
          }
          folio.lock().assertLocked(); // VM_BUG_ON_PAGE(!PageLocked()), since v2.6.38
          return ScanResult.SUCCEED;
        });
  }

  /// Whether nobody has a reference but entries and the swap cache. The page-table page is out of
  /// the page table: no new reference comes from this process.
  @Models(file = "mm/khugepaged.c", function = "is_refcount_suitable")
  boolean isRefcountSuitable(Folio folio) {
    return steps.scope(
        () -> {
          long count = folio.refcount().read();
          long entries =
              folio.isLarge() ? data.folios().mapcount(folio) : folio.mapcount().read();
          long cached = folio.flags().test(Folio.SWAPCACHE) ? folio.pages() : 0;
          return count == (allowed.shared() ? entries : 1) + cached;
        });
  }

  private Turn<Progress, Isolated> failed(
      ScanResult result, Progress at, Table table, int vpn) {
    releasePtePages(table, vpn, at);
    return Turn.done(new Isolated(result, List.of()));
  }

  @Models(file = "mm/khugepaged.c", function = "release_pte_pages")
  private void releasePtePages(Table table, int vpn, Progress at) {
    steps.each(
        0,
        at.pages(),
        i -> {
          var pte = table.pte(vpn + i).get();
          if (!isNoneOrZero(pte) && !data.folios().folio(pte.pfn()).isLarge()) {
            releasePtePage(data.folios().folio(pte.pfn()));
          }
        });
    for (int head : at.compound()) {
      releasePtePage(data.folios().huge(head));
    }
  }

  @Models(file = "mm/khugepaged.c", function = "release_pte_folio")
  private void releasePtePage(Folio folio) {
    folio.lock().unlock();
    putbackLru(folio);
  }

  @Models(file = "mm/vmscan.c", function = "folio_putback_lru")
  private void putbackLru(Folio folio) {
    folio.isolated().write(0);
    data.folios().put(folio);
  }

  /// Copies the isolated pages into a huge folio that nobody knows yet, and frees them. Where there
  /// is none, or the zero page, the huge folio is zeroed.
  @Models(
      file = "mm/khugepaged.c",
      function = "__collapse_huge_page_copy",
      leavesOut = "that since v6.4 all pages are copied before the first is freed, in case one"
          + " cannot be read")
  void copy(int mm, Table table, int vpn, Folio huge, List<Integer> compound) {
    steps.run(
        "__collapse_huge_page_copy",
        () -> {
          steps.each(
              0,
              huge.pages(),
              i -> copyNext(mm, table, vpn + i, data.folios().page(huge, i)));
          for (int head : compound) {
            releasePtePage(data.folios().huge(head));
          }
        });
  }

  private void copyNext(int mm, Table table, int vpn, Folio to) {
    var pte = table.pte(vpn).get();
    if (isNoneOrZero(pte)) {
      steps.atomic(
          "clear_user_highpage",
          () -> {
            data.folios().clear(data.folios().small(to.pfn()));
            data.ground().holdsPrivateZero(to.pfn(), mm, vpn);
          });
      if (!pte.none()) {
        table.ptl().lock();
        table.pte(vpn).set(Pte.NONE); // the page-table page goes in store
        table.ptl().unlock();
      }
      return;
    }
    var from = data.folios().folio(pte.pfn());
    steps.atomic(
        "copy_user_highpage",
        () -> {
          data.folios().copy(from, to);
          data.ground().holdsPrivateCopy(to.pfn(), from.pfn(), mm, vpn);
        });
    if (!from.isLarge()) {
      releasePtePage(from);
    }
    table.ptl().lock();
    table.pte(vpn).set(Pte.NONE); // ptep_clear(): the hardware cannot find it any more
    data.folios().removeRmap(from.mapcount());
    table.ptl().unlock();
    swapCache.freePageAndSwapCache(from);
  }
}
