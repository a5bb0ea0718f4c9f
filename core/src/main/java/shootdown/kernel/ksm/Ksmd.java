package shootdown.kernel.ksm;

import java.util.Optional;
import java.util.function.Consumer;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.StableNode;
import shootdown.kernel.data.StableNode.RmapItem;
import shootdown.kernel.fault.MmFault;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.kernel.swap.MigrationEntry;
import shootdown.kernel.swap.SwapCache;
import shootdown.kernel.swap.SwapEntry;
import shootdown.machine.Pte;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// ksmd: comes to one page, and finds another one with the same contents.
///
/// ```text
/// the page that it comes to | the other one    | what is done
/// --------------------------+------------------+------------------------------------------------
/// a KSM page                | any              | its place is noted, if it was not
/// anonymous                 | a KSM page       | is replaced by the other, if it is the same
/// anonymous                 | anonymous        | becomes a KSM page, and replaces the other
/// ```
public final class Ksmd {
  private final KernelData data;
  private final Steps steps;
  private final MergeablePages mergeable;
  private final MergeOnePage merge;
  private final BreakKsm breakKsm;
  private final SwapCache swapCache;

  public Ksmd(KernelData data, Decisions decisions, MmFault faults) {
    this.data = data;
    this.steps = data.steps();
    this.mergeable = new MergeablePages(data, decisions);
    this.merge = new MergeOnePage(data, decisions);
    this.breakKsm = new BreakKsm(data, decisions, faults);
    this.swapCache = new SwapCache(data);
  }

  /// ksmd comes to page `vpn`; page `other` of the same address space is what its trees have to
  /// compare it with. Does nothing where madvise(MADV_MERGEABLE) was not said of both.
  @Models(file = "mm/ksm.c", function = "ksm_do_scan", leavesOut = "more than one page")
  public void ksmMerge(Current me, Mm mm, int vpn, int other) {
    steps.run(
        "ksm_do_scan",
        () -> {
          data.ksmThread().lock();
          mergeable
              .getMergeablePage(mm, vpn)
              .ifPresent(
                  page -> {
                    cmpAndMergePage(me, mm, new Pair(vpn, other), page);
                    data.folios().put(merge.now(page));
                  });
          data.ksmThread().unlock();
        });
  }

  /// @param vpn the page that ksmd has come to
  /// @param other the one that its trees know
  private record Pair(int vpn, int other) {}

  @Models(
      file = "mm/ksm.c",
      function = "cmp_and_merge_page",
      leavesOut = "checksums, zero pages, limits of sharing, NUMA nodes")
  private void cmpAndMergePage(Current me, Mm mm, Pair pair, Folio page) {
    steps.run(
        "cmp_and_merge_page",
        () -> {
          var item = new RmapItem(mm.number(), pair.vpn());
          if (steps.scope(() -> isPlaceOf(page, item))) {
            return;
          }
          var search = stableTreeSearch(mm, page, pair.other());
          removeRmapItemFromTree(item);
          switch (search) {
            case Search.Busy _ -> {}
            case Search.Found(var kpage) -> {
              mergeWithStable(me, mm, item, page, kpage);
              data.folios().put(kpage);
            }
            case Search.Nothing _ -> mergeWithUnstable(me, mm, pair, page);
          }
        });
  }

  /// Whether the page's node of the stable tree has the place already.
  private boolean isPlaceOf(Folio page, RmapItem item) {
    return page.mapping().test(Folio.STABLE) && data.folios().stableNode(page).has(item);
  }

  private sealed interface Search {
    /// no page of the stable tree has the same contents
    record Nothing() implements Search {}

    /// there is one, which somebody else has locked
    record Busy() implements Search {}

    /// the KSM page, with a reference
    record Found(Folio kpage) implements Search {}
  }

  /// The tree knows the KSM page by itself; here the entry of page `other` names it.
  @Models(
      file = "mm/ksm.c",
      function = "stable_tree_search",
      leavesOut = "the tree, chains of nodes; that it searches again where the page has just"
          + " migrated")
  private Search stableTreeSearch(Mm mm, Folio page, int other) {
    return steps.call(
        "stable_tree_search",
        () -> {
          data.ksmTrees().look();
          if (page.mapping().test(Folio.STABLE)) {
            page.get(); // fork() has shared it
            return new Search.Found(page);
          }
          var tree = getKsmPage(mm, other);
          if (tree.isEmpty()) {
            return new Search.Nothing();
          }
          var kpage = tree.get();
          if (!merge.memcmpPages(page, kpage)) {
            data.folios().put(kpage);
            return new Search.Nothing();
          }
          if (!kpage.lock().tryLock()) {
            data.folios().put(kpage);
            return new Search.Busy();
          }
          // whoever migrates it finds the reference from now on, or has moved it
          boolean stable =
              steps.recheck("expected_mapping", () -> kpage.mapping().test(Folio.STABLE));
          kpage.lock().unlock();
          if (!stable) {
            data.folios().put(kpage);
            return new Search.Busy();
          }
          return new Search.Found(kpage);
        });
  }

  /// The KSM page that page `other` maps, with a reference.
  @Models(
      file = "mm/ksm.c",
      function = "get_ksm_page",
      leavesOut = "that it takes the reference on trust, and looks at what the page belongs to"
          + " before and after")
  private Optional<Folio> getKsmPage(Mm mm, int other) {
    return steps.atomically(
        "get_ksm_page",
        () -> {
          return named(data.machine().entryAt(mm.number(), other))
              .filter(page -> page.mapping().test(Folio.STABLE) && page.tryGet());
        });
  }

  /// A node of the tree keeps its page while that migrates, or is in the swap cache.
  private Optional<Folio> named(Pte entry) {
    if (SwapEntry.isSwap(entry)) {
      return swapCache.cachedFolio(SwapEntry.slot(entry));
    }
    if (MigrationEntry.isMigration(entry)) {
      return Optional.of(data.folios().folio(MigrationEntry.pfn(entry)));
    }
    return VmPageProt.ptePresent(entry)
        ? data.folios().vmNormalFolio(entry)
        : Optional.empty();
  }

  /// Takes the place out of the node that has it, whose page is locked for that.
  @Models(file = "mm/ksm.c", function = "remove_rmap_item_from_tree")
  private void removeRmapItemFromTree(RmapItem item) {
    steps.run(
        "remove_rmap_item_from_tree",
        () ->
            head(item)
                .ifPresent(
                    kpage -> {
                      kpage.lock().lock();
                      changeNode(kpage, node -> node.remove(item), () -> {});
                      kpage.lock().unlock();
                      data.folios().put(kpage);
                    }));
  }

  /// `rmap_item->head`: the page of the node that has the place, with a reference.
  private Optional<Folio> head(RmapItem item) {
    return steps.atomically(
        "get_ksm_page",
        () -> {
          for (int pfn = 0; pfn < data.layout().frames(); pfn++) {
            var page = data.folios().small(pfn);
            if (data.folios().stableNode(page).has(item) && page.tryGet()) {
              return Optional.of(page);
            }
          }
          return Optional.<Folio>empty();
        });
  }

  private void changeNode(Folio kpage, Consumer<StableNode> change, Runnable ifNone) {
    kpage.lock().assertLocked();
    steps.atomic(
        "stable node",
        () -> {
          if (kpage.mapping().test(Folio.STABLE)) {
            change.accept(data.folios().stableNode(kpage));
          } else {
            ifNone.run();
          }
        });
  }

  private void mergeWithStable(Current me, Mm mm, RmapItem item, Folio page, Folio kpage) {
    if (tryToMergeWithKsmPage(me, mm, item.vpn(), page, Optional.of(kpage))) {
      kpage.lock().lock();
      stableTreeAppend(kpage, item);
      kpage.lock().unlock();
    }
  }

  /// The unstable tree has page `other` if ksmd has come by there, and it was no KSM page then. Two
  /// pages of one huge folio are not merged yet, as it has two references: it is split when one of
  /// them is gone, for the next time (since v4.17, 77da2ba0648a).
  @Models(
      file = "mm/ksm.c",
      function = "unstable_tree_search_insert",
      leavesOut = "the tree")
  private void mergeWithUnstable(Current me, Mm mm, Pair pair, Folio page) {
    removeRmapItemFromTree(new RmapItem(mm.number(), pair.other()));
    mergeable
        .getMergeablePage(mm, pair.other())
        .ifPresent(
            treePage -> {
              boolean same = !treePage.equals(page) && merge.memcmpPages(page, treePage);
              boolean together = page.isLarge() && page.head() == treePage.head();
              boolean merged = same && tryToMergeTwoPages(me, mm, pair, page, treePage);
              data.folios().put(merge.now(treePage));
              if (merged) {
                stableTreeInsert(mm, pair, merge.now(page));
              } else if (same && together) {
                merge.splitAfterAll(me, page);
              }
            });
  }

  /// Tells whether the page is a KSM page now that both places map.
  @Models(file = "mm/ksm.c", function = "try_to_merge_two_pages")
  private boolean tryToMergeTwoPages(
      Current me, Mm mm, Pair pair, Folio page, Folio treePage) {
    return steps.call(
        "try_to_merge_two_pages",
        () -> {
          if (!tryToMergeWithKsmPage(me, mm, pair.vpn(), page, Optional.empty())) {
            return false;
          }
          boolean merged =
              tryToMergeWithKsmPage(
                  me, mm, pair.other(), treePage, Optional.of(merge.now(page)));
          if (!merged) {
            breakKsm.breakCow(me, mm, pair.vpn());
          }
          return merged;
        });
  }

  @Models(file = "mm/ksm.c", function = "try_to_merge_with_ksm_page")
  private boolean tryToMergeWithKsmPage(
      Current me, Mm mm, int vpn, Folio page, Optional<Folio> kpage) {
    return steps.call(
        "try_to_merge_with_ksm_page",
        () -> {
          mm.mmapLock().readLock();
          var vma = MergeablePages.findMergeableVma(mm, vpn);
          boolean merged =
              vma.isPresent()
                  && merge.tryToMergeOnePage(me, mm, vma.get().vma(), page, kpage);
          mm.mmapLock().readUnlock();
          return merged;
        });
  }

  @Models(file = "mm/ksm.c", function = "stable_tree_insert", leavesOut = "the tree")
  private void stableTreeInsert(Mm mm, Pair pair, Folio kpage) {
    steps.run(
        "stable_tree_insert",
        () -> {
          kpage.lock().lock();
          data.ksmTrees().change(() -> setStableNode(kpage));
          stableTreeAppend(kpage, new RmapItem(mm.number(), pair.other()));
          stableTreeAppend(kpage, new RmapItem(mm.number(), pair.vpn()));
          kpage.lock().unlock();
        });
  }

  private boolean setStableNode(Folio kpage) {
    kpage.mapping().write(Folio.ANON | Folio.KSM | Folio.STABLE);
    return true;
  }

  /// The folio's node is not asked for a second time: where there is none, it is a null pointer.
  @Models(file = "mm/ksm.c", function = "stable_tree_append", leavesOut = "statistics")
  private void stableTreeAppend(Folio kpage, RmapItem item) {
    changeNode(
        kpage,
        node -> node.append(item),
        () -> {
          throw steps.fail(
              new Violation("kernel bug", "an oops: " + kpage + " has no node of the stable tree"));
        });
  }
}
