package shootdown.kernel.ksm;

import java.util.Optional;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.ClearFlush;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.rmap.SplitHugePage;
import shootdown.kernel.swap.SwapCache;
import shootdown.machine.Pte;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// Makes an anonymous page the KSM page, or puts the KSM page in its place.
final class MergeOnePage {
  private final KernelData data;
  private final Steps steps;
  private final PageWalk walk;
  private final VmPageProt prot;
  private final WriteProtectPage writeProtect;
  private final ClearFlush clearFlush;
  private final SwapCache swapCache;
  private final SplitHugePage split;
  private final KsmDirty dirty;

  MergeOnePage(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.walk = new PageWalk(data, decisions);
    this.prot = new VmPageProt(data);
    this.writeProtect = new WriteProtectPage(data, decisions);
    this.clearFlush = new ClearFlush(data, decisions);
    this.swapCache = new SwapCache(data);
    this.split = new SplitHugePage(data, decisions);
    this.dirty = decisions.get(KsmDirty.class);
  }

  /// Tells whether the page of the VMA is merged. mmap_lock is held; the caller has a reference to
  /// the page, and to the KSM page. A huge folio is split first: the reference is the page's own
  /// then, [#now].
  ///
  /// @param kpage the KSM page; none, if the page is to become one
  @Models(
      file = "mm/ksm.c",
      function = "try_to_merge_one_page",
      leavesOut = "zero pages (use_zero_pages)")
  boolean tryToMergeOnePage(Current me, Mm mm, Vma vma, Folio page, Optional<Folio> kpage) {
    return steps.call(
        "try_to_merge_one_page",
        () -> {
          if (kpage.filter(page::equals).isPresent()) {
            return true; // fork() has shared it
          }
          if (!page.isAnon() || !page.lock().tryLock()) {
            return false;
          }
          boolean merged =
              (!page.isLarge() || split.splitHugePage(me, page, SplitHugePage.Pieces.ONE))
                  && mergeLocked(me, mm, vma, now(page), kpage);
          now(page).lock().unlock();
          return merged;
        });
  }

  /// The page as part of the folio that it is part of now. Who has a reference to it and has not
  /// split its folio himself knows that without asking.
  Folio now(Folio page) {
    return page.isLarge() ? data.folios().folio(page.pfn()) : page;
  }

  /// Splits the folio of a page that could not be split as the caller had two references to it.
  void splitAfterAll(Current me, Folio page) {
    if (page.lock().tryLock()) {
      split.splitHugePage(me, page, SplitHugePage.Pieces.ONE);
      now(page).lock().unlock();
    }
  }

  private boolean mergeLocked(Current me, Mm mm, Vma vma, Folio page, Optional<Folio> kpage) {
    var orig = writeProtect.writeProtectPage(me, mm, vma, page);
    return orig.isPresent()
        && (kpage.isEmpty()
            ? becomesKsmPage(page)
            : pagesIdentical(page, kpage.get())
                && replacePage(me, mm, vma, new Pages(page, kpage.get()), orig.get()));
  }

  /// @param page what is mapped
  /// @param kpage what is to be mapped instead
  private record Pages(Folio page, Folio kpage) {}

  /// The page is dirty from now on: reclaim would drop it if it were clean, as no entry is dirty.
  @Models(file = "mm/ksm.c", function = "set_page_stable_node")
  private boolean becomesKsmPage(Folio page) {
    page.lock().assertLocked();
    expectShared(page);
    page.mapping().write(Folio.ANON | Folio.KSM);
    page.flags()
        .set(dirty == KsmDirty.IN_PAGE ? Folio.REFERENCED | Folio.DIRTY : Folio.REFERENCED);
    return true;
  }

  /// VM_BUG_ON_PAGE(PageAnonExclusive(page)), since v5.19; before, the mark is gone, too.
  private void expectShared(Folio page) {
    steps.forget(
        () -> {
          if (page.pageFlags().test(Folio.ANON_EXCLUSIVE)) {
            throw steps.fail(
                new Violation("kernel bug", page + " is shared by KSM, and marked exclusive"));
          }
        });
  }

  /// `pages_identical()`: both are read-only by now. All of it is one step, as a copy is.
  private boolean pagesIdentical(Folio page, Folio kpage) {
    return steps.recheck("pages_identical", () -> memcmpPages(page, kpage));
  }

  /// Whether the contents of two pages are the same, at a moment.
  @Models(file = "mm/util.c", function = "memcmp_pages", leavesOut = "which is less")
  boolean memcmpPages(Folio page, Folio other) {
    return steps.atomically("memcmp_pages", () -> isSame(page.pfn(), other.pfn()));
  }

  private boolean isSame(int pfn, int other) {
    var memory = data.machine().memory();
    for (int word = 0; word < memory.wordsPerPage(); word++) {
      if (memory.at(pfn, word).read() != memory.at(other, word).read()) {
        return false;
      }
    }
    return true;
  }

  /// Maps the KSM page in place of the page, if the entry is still as it was when it was made
  /// read-only; tells whether it did.
  @Models(file = "mm/ksm.c", function = "replace_page", leavesOut = "zero pages, MMU notifiers")
  private boolean replacePage(Current me, Mm mm, Vma vma, Pages pages, Pte orig) {
    int vpn = vma.address(pages.page().pageIndex());
    return steps.call(
        "replace_page",
        () -> {
          var table = walk.pteOffsetMapLockUnderMmapLock(mm.number(), vpn);
          if (table.isEmpty()) {
            return false;
          }
          var ptep = table.get().pte(vpn);
          boolean same = ptep.is(orig);
          if (same) {
            var page = pages.page();
            var kpage = pages.kpage();
            kpage.get();
            data.folios().addRmap(kpage.mapcount());
            var pte = prot.mkPte(kpage, vma);
            clearFlush.ptepClearFlush(me, mm.number(), ptep);
            steps.atomic(
                "set_pte_at",
                () -> {
                  data.ground().merged(page.pfn(), kpage.pfn(), mm.number(), vpn);
                  ptep.set(pte);
                });
            drop(page);
          }
          table.get().ptl().unlock();
          return same;
        });
  }

  /// The entry's mapping and reference are gone.
  private void drop(Folio page) {
    data.folios().removeRmap(page.mapcount());
    if (page.flags().test(Folio.SWAPCACHE) && page.mapcount().is(0)) {
      swapCache.folioFreeSwap(page);
    }
    data.folios().put(page);
  }
}
