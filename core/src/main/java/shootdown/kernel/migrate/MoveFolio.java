package shootdown.kernel.migrate;

import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// Makes another folio the page that a folio was: contents, flags, and its place in a cache.
///
/// ```text
/// folio                          | references that may be there | by what its place is found
/// -------------------------------+------------------------------+---------------------------
/// anonymous                      | the caller's                 | its PTEs alone
/// anonymous, in the swap cache   | the caller's, the cache's    | the slot
/// of a file                      | the caller's, the cache's:   | the page cache
///                                | one for each page            |
/// ```
///
/// Any other reference is somebody who may write to the old folio, or who will go on with it: the
/// folio stays where it is. The count is looked at before the contents are copied, for the sake of
/// those who have a reference then, and frozen afterwards, for the sake of those who found the
/// folio in its cache meanwhile. Releases before v6.11 freeze it before they copy.
final class MoveFolio {
  private static final long FLAGS =
      Folio.UPTODATE
          | Folio.REFERENCED
          | Folio.SWAPBACKED
          | Folio.DIRTY
          | Folio.FREED_BLOCKS;

  private final KernelData data;
  private final Steps steps;

  MoveFolio(KernelData data) {
    this.data = data;
    this.steps = data.steps();
  }

  /// Moves `from`, which no PTE maps, to `to`, which is fresh; both are locked. Tells whether it
  /// did; if not, nothing has changed.
  @Models(
      file = "mm/migrate.c",
      function = "migrate_folio",
      leavesOut = "private data of the filesystem, memory errors")
  boolean migrateFolio(Folio from, Folio to) {
    return steps.call(
        "migrate_folio",
        () -> {
          from.lock().assertLocked(); // VM_BUG_ON_FOLIO() in move_to_new_folio(), as of v6.1
          to.lock().assertLocked();
          long mapping = from.mapping().read();
          long flags = from.flags().read(Folio.SWAPCACHE | Folio.WRITEBACK);
          if ((flags & Folio.WRITEBACK) != 0) { // BUG_ON(folio_test_writeback()), as of v6.1
            throw steps.fail(new Violation("kernel bug", from + " moves while it is written"));
          }
          boolean swapCached = (flags & Folio.SWAPCACHE) != 0;
          int expected = expectedRefs(from, mapping, swapCached);
          if (!steps.recheck("folio_ref_count", () -> from.refcount().is(expected))) {
            return false;
          }
          steps.each(
              0,
              from.pages(),
              i -> data.folios().copy(data.folios().page(from, i), data.folios().page(to, i)));
          boolean moved =
              Folio.isAnon(mapping)
                  ? swapCached ? moveInSwapCache(from, to, expected) : moveAnon(from, to)
                  : moveInFile(data.file((int) mapping - 1), from, to, expected);
          if (moved) {
            folioMigrateFlags(from, to);
          }
          return moved;
        });
  }

  /// The caller's, and that of the cache.
  @Models(file = "include/linux/mm.h", function = "folio_expected_ref_count")
  private static int expectedRefs(Folio folio, long mapping, boolean swapCached) {
    return Folio.isAnon(mapping) && !swapCached ? 1 : 1 + folio.pages();
  }

  @Models(file = "mm/migrate.c", function = "__folio_migrate_mapping")
  private boolean moveAnon(Folio from, Folio to) {
    steps.atomic("folio_migrate_mapping", () -> identify(from, to));
    return true;
  }

  private void identify(Folio from, Folio to) {
    to.index().write(from.index().read());
    to.mapping().write(from.mapping().read());
    for (int i = 0; i < from.pages(); i++) {
      data.ground().migrated(from.pfn() + i, to.pfn() + i);
    }
  }

  /// One step, as under the lock of the cache's tree, which nobody else needs.
  private boolean moveInSwapCache(Folio from, Folio to, int expected) {
    return steps.atomically(
        "folio_migrate_mapping",
        () -> {
          if (!from.refcount().cas(expected, expected - 1)) {
            return false;
          }
          int slot = (int) from.swap().read();
          identify(from, to);
          to.get();
          to.swap().write(slot);
          to.flags().set(Folio.SWAPCACHE | Folio.SWAPBACKED);
          data.swap().cache(slot).write(to.pfn() + 1L);
          from.swap().write(0);
          from.flags().clear(Folio.SWAPCACHE);
          return true;
        });
  }

  private boolean moveInFile(FileData file, Folio from, Folio to, int expected) {
    return steps.call(
        "folio_migrate_mapping",
        () -> {
          file.pagesLock().lock();
          boolean frozen = from.refcount().cas("page_ref_freeze", expected, 0);
          if (frozen) {
            file.assertPagesLocked();
            steps.atomic("replace", () -> replace(file, from, to));
            from.refcount().write(expected - from.pages()); // unfrozen, without the cache's
          }
          file.pagesLock().unlock();
          if (frozen) {
            from.mapping().write(0);
          }
          return frozen;
        });
  }

  private void replace(FileData file, Folio from, Folio to) {
    identify(from, to);
    to.refcount().add(to.pages());
    int first = (int) from.index().read();
    for (int i = 0; i < to.pages(); i++) {
      file.slot(first + i).write(to.pfn() + i + 1L);
    }
  }

  /// The old folio is about to be freed: it keeps its flags until then.
  @Models(
      file = "mm/migrate.c",
      function = "folio_migrate_flags",
      leavesOut = "PG_checked, PG_mappedtodisk, the LRU's; statistics")
  private void folioMigrateFlags(Folio from, Folio to) {
    to.flags().set(from.flags().read(FLAGS));
    folioMigrateKsm(from, to);
  }

  /// The node of KSM's stable tree is that of the new page: what it belongs to says so already.
  @Models(file = "mm/ksm.c", function = "folio_migrate_ksm")
  private void folioMigrateKsm(Folio from, Folio to) {
    if (from.isKsm()) {
      steps.atomic(
          "folio_migrate_ksm",
          () -> {
            data.folios().stableNode(from).moveTo(data.folios().stableNode(to));
            from.mapping().clear(Folio.STABLE);
          });
    }
  }
}
