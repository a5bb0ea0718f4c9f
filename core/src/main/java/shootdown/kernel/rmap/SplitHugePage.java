package shootdown.kernel.rmap;

import java.util.List;
import java.util.stream.IntStream;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.machine.Layout;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// Splits huge folios into small ones.
///
/// ```text
/// anonymous   anon_vma locked -> all entries become migration entries -> refcount frozen
///             -> small folios -> mapped again, as small ones; or as before, if it is not frozen
/// of a file   i_mmap_rwsem locked -> no entry maps it -> under i_pages: refcount frozen
///             -> small folios; those beyond the end of the file leave the page cache
/// ```
///
/// Whoever meets a migration entry waits for the folio lock; so does a fault that finds the folio.
public final class SplitHugePage {
  private final KernelData data;
  private final Steps steps;
  private final TryToMigrate migrate;
  private final TryToUnmap unmap;
  private final RemoveMigrationPtes remove;
  private final UnmapSync sync;

  public SplitHugePage(KernelData data, Decisions decisions) {
    this.data = data;
    this.steps = data.steps();
    this.migrate = new TryToMigrate(data, decisions);
    this.unmap = new TryToUnmap(data, decisions);
    this.remove = new RemoveMigrationPtes(data, decisions);
    this.sync = decisions.get(UnmapSync.class);
  }

  /// What becomes of the references to the pieces, of which the caller has the first.
  public enum Pieces {
    /// only that to the caller's page is kept: [#splitHugePage]
    ONE,
    /// all are kept, as isolated from the LRU as the huge folio is: they are to be reclaimed
    ISOLATED
  }

  /// Splits the huge folio that a page is part of. The caller has it locked, with a reference. If
  /// it is split, lock and reference are those of the page's own folio afterwards. Tells whether it
  /// is: not if anybody else has a reference.
  @Models(
      file = "mm/huge_memory.c",
      function = "split_huge_page_to_list",
      leavesOut = "the swap cache, the list of folios that wait for their split")
  public boolean splitHugePage(Current me, Folio page, Pieces pieces) {
    return steps.call(
        "split_huge_page",
        () -> {
          var huge = data.folios().page(page, 0);
          huge.lock().assertLocked(); // VM_BUG_ON_FOLIO(!folio_test_locked()), since v4.5-rc1
          // a piece is locked, and on no LRU list, from the moment on at which it is one
          steps.each(1, huge.pages(), i -> prepare(frame(huge, i), pieces));
          boolean done = splitLocked(me, huge);
          steps.each(0, huge.pages(), i -> release(page, huge, i, done, pieces));
          return done;
        });
  }

  /// The frames of what was a huge folio, as folios of their own.
  public List<Folio> pieces(Folio huge) {
    return IntStream.range(0, huge.pages()).mapToObj(i -> frame(huge, i)).toList();
  }

  private Folio frame(Folio huge, int i) {
    return data.folios().small(huge.head() + i);
  }

  /// A folio that was truncated is not split.
  private boolean splitLocked(Current me, Folio huge) {
    long owner = huge.mapping().read();
    if (!Folio.isAnon(owner)) {
      return steps.recheck("mapping", () -> owner != 0)
          && splitOfFile(me, huge, data.file((int) owner - 1));
    }
    var anonVma = data.anonVmas().lock(Folio.anonVma(owner));
    anonVma.lock();
    boolean done = canSplitFolio(huge, 0) && split(me, huge);
    anonVma.unlock();
    return done;
  }

  /// Whether nobody but the caller has a reference besides those of entries.
  ///
  /// @param extraPins those of the page cache
  @Models(file = "mm/huge_memory.c", function = "can_split_folio")
  private boolean canSplitFolio(Folio huge, int extraPins) {
    return steps.scope(
        () -> huge.refcount().read() == data.folios().mapcount(huge) + 1 + extraPins);
  }

  private boolean splitOfFile(Current me, Folio huge, FileData file) {
    file.mmapRwsem().readLock();
    int end = (int) ((file.size().read() + Layout.PAGE_SIZE - 1) / Layout.PAGE_SIZE);
    boolean done = canSplitFolio(huge, huge.pages()) && unmapAndSplit(me, huge, file, end);
    file.mmapRwsem().readUnlock();
    return done;
  }

  /// @param end the first page beyond the end of the file
  private boolean unmapAndSplit(Current me, Folio huge, FileData file, int end) {
    unmap.unmapForSplit(me, huge, file);
    expectUnmapped(huge);
    file.pagesLock().lock();
    boolean frozen = huge.refcount().cas("page_ref_freeze", 1 + huge.pages(), 0);
    if (frozen) {
      file.assertPagesLocked(); // __xa_store(): "expects xa_lock to be held on entry"
      file.pageTree()
          .change(
              () -> {
                data.folios().splitCompound(huge, 2);
                pieces(huge).forEach(piece -> dropBeyond(piece, file, end));
                return true;
              });
    }
    file.pagesLock().unlock();
    return frozen;
  }

  /// The caller has a reference to the piece.
  private void dropBeyond(Folio piece, FileData file, int end) {
    steps.forget(
        () -> {
          int index = (int) piece.index().read();
          if (index >= end) {
            file.slot(index).write(0);
            piece.mapping().write(0);
            piece.flags().clear(Folio.DIRTY);
            piece.refcount().add(-1);
          }
        });
  }

  private void expectUnmapped(Folio huge) {
    if (sync != UnmapSync.WAITS && data.folios().isMapped(huge)) {
      throw steps.fail(
          new Violation("kernel bug", "a huge page is mapped when it was unmapped to be split"));
    }
  }

  @Models(file = "mm/huge_memory.c", function = "__split_huge_page")
  @Models(file = "mm/huge_memory.c", function = "unmap_folio")
  private boolean split(Current me, Folio huge) {
    migrate.tryToMigrate(me, huge, TlbUbc.NONE, TtuFlags.SPLIT);
    expectUnmapped(huge);
    boolean frozen = huge.refcount().cas("page_ref_freeze", 1, 0);
    if (frozen) {
      data.folios().splitCompound(huge, 1);
    }
    for (int i = 0; i < huge.pages(); i++) {
      remove.removeMigrationPtesLocked(frozen ? frame(huge, i) : data.folios().page(huge, i));
    }
    return frozen;
  }

  private static void prepare(Folio piece, Pieces pieces) {
    piece.lock().lock();
    if (pieces == Pieces.ISOLATED) {
      piece.isolated().write(1);
    }
  }

  private void release(Folio page, Folio huge, int i, boolean done, Pieces pieces) {
    var piece = frame(huge, i);
    boolean callers = done ? piece.pfn() == page.pfn() : i == 0;
    if (callers) {
      return;
    }
    if (!done && pieces == Pieces.ISOLATED) {
      piece.isolated().write(0);
    }
    piece.lock().unlock();
    if (done && pieces == Pieces.ONE) {
      data.folios().put(piece);
    }
  }
}
